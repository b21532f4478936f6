//! Punycode (RFC 3492).

const BASE: u32 = 36;
const LEAST: u32 = 1;
const MOST: u32 = 26;
const SKEW: u32 = 38;
const DAMP: u32 = 700;
const FIRST_BIAS: u32 = 72;
const FIRST: u32 = 128;

/// Encodes a label, without the prefix; none where it is too long to count.
pub(super) fn encode(label: &str) -> Option<String> {
    let points: Vec<u32> = label.chars().map(u32::from).collect();
    let mut encoded: String = label.chars().filter(char::is_ascii).collect();
    let basic = u32::try_from(encoded.len()).ok()?;
    if basic > 0 {
        encoded.push('-');
    }
    let (mut next, mut delta, mut bias, mut handled) = (FIRST, 0_u32, FIRST_BIAS, basic);
    let total = u32::try_from(points.len()).ok()?;
    while handled < total {
        let least = *points.iter().filter(|point| **point >= next).min()?;
        delta =
            delta.checked_add(least.checked_sub(next)?.checked_mul(handled.checked_add(1)?)?)?;
        next = least;
        for point in &points {
            if *point < next {
                delta = delta.checked_add(1)?;
            }
            if *point == next {
                push_number(&mut encoded, delta, bias)?;
                bias = adapted(delta, handled + 1, handled == basic);
                delta = 0;
                handled += 1;
            }
        }
        (next, delta) = (next.checked_add(1)?, delta.checked_add(1)?);
    }
    Some(encoded)
}

/// Decodes a label without its prefix; none where it is not well-formed.
pub(super) fn decode(encoded: &str) -> Option<String> {
    let (basic, tail) = encoded.rsplit_once('-').unwrap_or(("", encoded));
    let mut label: Vec<char> = basic.is_ascii().then(|| basic.chars().collect())?;
    let (mut next, mut index, mut bias) = (FIRST, 0_u32, FIRST_BIAS);
    let mut digits = tail.chars().map(|digit| digit.to_digit(BASE).map(rotated)).peekable();
    while digits.peek().is_some() {
        let before = index;
        let (mut weight, mut step) = (1_u32, BASE);
        loop {
            let digit = digits.next()??;
            index = index.checked_add(digit.checked_mul(weight)?)?;
            let threshold = threshold(step, bias);
            if digit < threshold {
                break;
            }
            weight = weight.checked_mul(BASE - threshold)?;
            step += BASE;
        }
        let length = u32::try_from(label.len()).ok()?.checked_add(1)?;
        bias = adapted(index - before, length, before == 0);
        next = next.checked_add(index / length)?;
        index %= length;
        label.insert(usize::try_from(index).ok()?, char::from_u32(next)?);
        index += 1;
    }
    Some(label.into_iter().collect())
}

/// Turns a digit of base 36 (`0`-`9`, `a`-`z`) into one of Punycode (`a`-`z`, `0`-`9`).
fn rotated(digit: u32) -> u32 {
    (digit + 26) % BASE
}

fn push_number(encoded: &mut String, number: u32, bias: u32) -> Option<()> {
    let (mut rest, mut step) = (number, BASE);
    loop {
        let threshold = threshold(step, bias);
        if rest < threshold {
            break;
        }
        let (above, range) = (rest - threshold, BASE - threshold);
        encoded.push(digit(threshold + above % range)?);
        rest = above / range;
        step += BASE;
    }
    encoded.push(digit(rest)?);
    Some(())
}

fn digit(value: u32) -> Option<char> {
    char::from_digit((value + 10) % BASE, BASE)
}

fn threshold(step: u32, bias: u32) -> u32 {
    step.saturating_sub(bias).clamp(LEAST, MOST)
}

fn adapted(delta: u32, points: u32, is_first: bool) -> u32 {
    let mut delta = if is_first { delta / DAMP } else { delta / 2 };
    delta += delta / points.max(1);
    let mut steps = 0;
    while delta > (BASE - LEAST) * MOST / 2 {
        delta /= BASE - LEAST;
        steps += BASE;
    }
    steps + (BASE - LEAST + 1) * delta / (delta + SKEW)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_encoded_and_decoded() {
        // RFC 3492, section 7.1, and everyday names.
        for (label, encoded) in [
            ("b\u{fc}cher", "bcher-kva"),
            ("\u{fc}", "tda"),
            (
                "\u{4ed6}\u{4eec}\u{4e3a}\u{4ec0}\u{4e48}\u{4e0d}\u{8bf4}\u{4e2d}\u{6587}",
                "ihqwcrb4cv8a8dqg056pqjye",
            ),
            ("3\u{5e74}b\u{7d44}\u{91d1}\u{516b}\u{5148}\u{751f}", "3b-ww4c5e180e575a65lsy2b"),
            ("\u{3c0}", "1xa"),
        ] {
            assert_eq!(encode(label).as_deref(), Some(encoded));
            assert_eq!(decode(encoded).as_deref(), Some(label));
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for encoded in ["*", "99999999", "\u{fc}-a", "zzzzzzzzzzzzzzz"] {
            assert_eq!(decode(encoded), None, "{encoded}");
        }
    }
}
