//! What scripts set, beside what a real `sh` makes of them.

#![cfg(unix)]

use std::process::Command;

use super::*;

fn followed(script: &str, variables: &[(&str, &str)], folder: &Path) -> Shell {
    let file = folder.join("setenv.sh");
    fs::write(&file, script).unwrap();
    let variables = variables.iter().map(|(name, value)| ((*name).into(), (*value).into()));
    let mut shell = Shell::new(&Root::default(), folder, variables);
    assert!(shell.start(&file));
    shell
}

/// Lets `sh` run a script and returns the values of variables, those of `eval` last.
fn run(script: &str, variables: &[(&str, &str)], folder: &Path, names: &[&str]) -> Vec<String> {
    fs::write(folder.join("setenv.sh"), script).unwrap();
    let mut asking = String::from(". \"$0\"\n");
    for name in names {
        asking += &format!("printf '%s\\0' \"${name}\"\n");
    }
    asking += "eval set -- \"$OPTS\"\nfor o; do printf '%s\\0' \"$o\"; done\n";
    let output = Command::new("sh")
        .args(["-c", &asking, folder.join("setenv.sh").to_str().unwrap()])
        .env_clear()
        .envs(variables.iter().copied())
        .current_dir(folder)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.split_terminator('\0').map(str::to_owned).collect()
}

#[test]
fn scripts_set_what_a_real_shell_sets() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("more.sh"), "MORE='of more'\n").unwrap();
    for script in [
        "OPTS=\"-Da=1 -Db=$X\"",
        "OPTS='-Da=\"b c\" -Db=$X'",
        "OPTS=-Da=\\\"b\\ c\\\"",
        "# OPTS=no\nOPTS=yes # no\n#OPTS=no",
        "OPTS=\"a\\\n b\" \\\n Y=2",
        ": ${OPTS:=-Da=1}\n: ${OPTS:=-Da=2}",
        ": ${X:=no}; : \"${Y:=yes -Da=\"q r\"}\"; OPTS=\"$X ${Y}\"",
        "export OPTS=\"$X ${X:+is set} ${Z:-is not}\"",
        "OPTS=\"a\"; OPTS=\"$OPTS b\"; export OPTS; OPTS=\"${OPTS} c\"",
        "if [ -n \"$X\" ] && [ -z \"$Z\" ]; then OPTS=yes; else OPTS=no; fi",
        "if [ \"x$Z\" != x ]; then OPTS=one\nelif test -f ./setenv.sh; then OPTS=two; else OPTS=3; fi",
        "case \"$X\" in a*) OPTS=one;; x?z|xyz) OPTS=two ;; *) OPTS=three; esac",
        "PRGDIR=`dirname \"$0\"`; OPTS=\"$PRGDIR\"; cd \"$PRGDIR\"; Y=`pwd`",
        ". ./more.sh\nOPTS=\"$MORE\"",
        "for Y in a b \"c d\"; do OPTS=\"$OPTS -D$Y\"; done",
        "add() { OPTS=\"$OPTS $1 $#\"; }\nadd 1 2; add \"3 4\"",
        "OPTS=\"${X%y*} ${X#x} ${#X} ${0##*/}\"",
        "cat <<EOF >/dev/null\nOPTS='no\nEOF\nOPTS=\"it's\"; OPTS=${OPTS%\\'*}",
        "Y=$X$X\"$X\"'$X'\\$X; OPTS=$Y",
        "X='a b'; OPTS=$X; export Y=\"$X\"",
        "OPTS=\"-Dp=a|b*\"; OPTS=\"-Dh='localhost|*.x'\"",
        "[ -z \"$Z\" ] && OPTS=1; [ -n \"$Z\" ] || OPTS=\"$OPTS 2\"; ! [ a = b ] && Y=3",
        "true && { OPTS=1; Y=2; } || OPTS=3; (OPTS=4)",
        "echo hello >/dev/null 2>&1; OPTS=$?; false; Y=$?",
        "OPTS=\"`echo \\\"a b\\\"` $(echo 'c  d') $(printf '%s' e)\"",
        "unset X; OPTS=\"-${X}-${X-u}-\"",
        "OPTS=\"'-Da=b c' \\\"-Dd=e f\\\" -Dg=\\\\\\\\h\"",
        "if true; then\n  if false; then OPTS=1; fi\nfi\nOPTS=\"$OPTS;2\"; OPTS=\"${OPTS%;*}\"",
    ] {
        let names = ["OPTS", "X", "Y", "Z"];
        let variables = [("X", "xyz")];
        let expected = run(script, &variables, folder.path(), &names);
        let mut shell = followed(script, &variables, folder.path());
        let mut found: Vec<String> =
            names.iter().map(|name| shell.value(name).unwrap_or_default().to_owned()).collect();
        let options = found.first().cloned().unwrap();
        found.extend(shell.evaluated(&options).0);
        assert_eq!(found, expected, "{script}");
        assert_eq!(shell.unread, Vec::<String>::new(), "{script}");
    }
}

/// A generator of scripts: numbers that follow one another from a seed.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    fn word(&mut self) -> String {
        let mut word = String::new();
        for _ in 0..=self.below(4) {
            let name = self.one(&["OPTS", "X", "Y", "Z", "EMPTY"]);
            let text = self.one(&["-Da=b", "a b", "c", "", "-Dt=/x/y", "*.z"]);
            word += &match self.below(12) {
                0 => format!("${name}"),
                1 => format!("${{{name}}}"),
                2 => format!("\"${name} {text}\""),
                3 => format!("'{text} ${name}'"),
                4 => format!("${{{name}:-{text}}}"),
                5 => format!("\"${{{name}:+'{text}'}}\""),
                6 => format!("\"${{{name}:={text}}}\""),
                7 => format!("\\\"{}\\\"", text.replace(' ', "\\ ")),
                8 => format!("\"$(echo \"{text}\" \"${name}\")\""),
                9 => format!("${{{name}#*{}}}", self.one(&["a", "-D", "="])),
                10 => format!("\"${{{name}%{}*}}\"", self.one(&["b", " ", "="])),
                _ => "w".to_owned(),
            };
        }
        word
    }

    fn command(&mut self, depth: usize) -> String {
        let name = self.one(&["OPTS", "X", "Y", "Z"]);
        let (one, other) = (self.word(), self.word());
        if depth > 2 {
            return format!("{name}={one}");
        }
        match self.below(9) {
            0 => format!("export {name}; {name}={one}"),
            1 => format!(
                "if [ \"{}\" = \"${name}\" ]; then {}\nelse {}; fi",
                self.one(&["a", "", "c"]),
                self.command(depth + 1),
                self.command(depth + 1)
            ),
            2 => format!(
                "[ -{} \"${name}\" ] {} {}",
                self.one(&["n", "z"]),
                self.one(&["&&", "||"]),
                self.command(depth + 1)
            ),
            3 => format!(
                "case ${name} in *{}*) {} ;;\n *) {};; esac",
                self.one(&["a", "-D", "x"]),
                self.command(depth + 1),
                self.command(depth + 1)
            ),
            4 => format!("for {name} in {one} {other}; do {}; done", self.command(depth + 1)),
            5 => format!("# {one}\n{name}=\"${name} \"{other} # it's\n:"),
            6 => format!("f() {{ {name}=\"$1 $#\"; }}; f {one} {other}"),
            7 => format!("{{ {}; {}; }}", self.command(depth + 1), self.command(depth + 1)),
            _ => format!("{name}={one}"),
        }
    }
}

#[test]
fn random_scripts_set_what_a_real_shell_sets() {
    let folder = tempfile::tempdir().unwrap();
    let rounds = 60;
    let mut refused = 0;
    for seed in 0..rounds {
        let mut numbers = Numbers(seed * 7919 + 11);
        let script: Vec<String> = (0..4).map(|_| numbers.command(0)).collect();
        let script = script.join("\n");
        let (names, variables) = (["OPTS", "X", "Y", "Z"], [("X", "x y"), ("EMPTY", "")]);
        let expected = run(&script, &variables, folder.path(), &names);
        if expected.len() < 4 {
            refused += 1;
            continue;
        }
        let shell = followed(&script, &variables, folder.path());
        if !shell.unread.is_empty() {
            continue;
        }
        let found: Vec<&str> =
            names.iter().map(|name| shell.value(name).unwrap_or_default()).collect();
        assert_eq!(found, expected[..4], "seed {seed}:\n{script}");
    }
    assert!(refused * 10 < rounds, "{refused}");
}

#[test]
fn what_a_program_says_is_not_known_and_nothing_is_run() {
    let folder = tempfile::tempdir().unwrap();
    let script = "touch ran; A=\"-Xlog:$(date +%s).log\"; if grep -q x y; then B=1; else B=2; fi\n\
                  mkdir -p x || exit 1\nwhile true; do C=1; done\nD=4";
    let shell = followed(script, &[], folder.path());
    assert_eq!(shell.value("A"), Some("-Xlog:\u{fffd}.log"));
    assert_eq!(
        (shell.value("B"), shell.value("C"), shell.value("D")),
        (Some("2"), None, Some("4"))
    );
    assert!(shell.unread.iter().any(|text| text.contains("line 3")), "{:?}", shell.unread);
    assert!(!folder.path().join("ran").exists());
}

#[test]
fn hostile_scripts_end_soon() {
    let folder = tempfile::tempdir().unwrap();
    for script in [
        format!("X=aaaaaaaa\n{}", "X=\"$X$X$X$X\"\n".repeat(5000)),
        format!("X={}\n{}", "a".repeat(200_000), "Y=$(echo $X)\n".repeat(20_000)),
        format!("X={}\nY=\"{}\"", "a".repeat(200_000), "$X".repeat(200_000)),
        "f() { f; f; }\nf".to_owned(),
        ". ./setenv.sh\n. ./setenv.sh".to_owned(),
        "eval \"$X\"".to_owned(),
        "X='eval \"$X\"'; eval \"$X\"".to_owned(),
        "(".repeat(100_000),
        "$(".repeat(100_000),
        "${X:-".repeat(100_000),
        "\"`".repeat(50_000),
        "if ".repeat(50_000),
        "! ".repeat(50_000),
        "case ".repeat(50_000),
        "a | ".repeat(50_000),
        "<<E ".repeat(50_000),
        format!("X={}\n{}", "a".repeat(2000), "Y=${X%%*b*b*b}\n".repeat(5000)),
        "X=( a b".to_owned(),
        "\0\u{1}\u{fffd} ' \" `".to_owned(),
    ] {
        let begin = std::time::Instant::now();
        followed(&script, &[], folder.path());
        assert!(begin.elapsed().as_secs() < 8, "{}", script.chars().take(40).collect::<String>());
    }
}
