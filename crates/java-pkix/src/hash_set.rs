//! The order in which a `java.util.HashSet` iterates certificates: the order in which Java's path builder tries them.

/// Which way certificates go that fall into one bucket of a set that was itself filled in an order of chance.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Chance {
    /// As they were given.
    AsGiven,
    /// The other way round.
    Reversed,
}

/// Returns the number of buckets of a set that was made for `count` elements and holds them.
pub(crate) fn buckets(count: usize) -> u32 {
    let mut buckets: u32 = 1;
    while u64::from(buckets) * 3 / 4 < u64::try_from(count).unwrap_or(u64::MAX) && buckets < 1 << 30
    {
        buckets <<= 1;
    }
    buckets
}

/// Returns the bucket, of so many, in which a certificate lies: its hash is that of its bytes.
pub(crate) fn bucket(certificate: &[u8], buckets: u32) -> u32 {
    let hash = certificate.iter().fold(1_u32, |hash, octet| {
        hash.wrapping_mul(31).wrapping_add_signed(i32::from(octet.cast_signed()))
    });
    (hash ^ hash >> 16) & (buckets - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_grows_when_it_is_three_quarters_full() {
        for (count, expected) in [(0, 1), (1, 2), (2, 4), (3, 4), (4, 8), (12, 16), (13, 32)] {
            assert_eq!(buckets(count), expected, "{count}");
        }
    }

    #[test]
    fn octets_count_as_signed() {
        // Seen with java.util.Arrays.hashCode: 31 and -1 + 31 = 30.
        assert_eq!(bucket(&[0], 1 << 30), 31);
        assert_eq!(bucket(&[0xff], 1 << 30), 30);
    }
}
