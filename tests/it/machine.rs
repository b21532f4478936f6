//! How a product would be started, told by its scripts, units and logs: S19 and its kin. No JVM runs here.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::route::proxy_to;
use crate::stage::{GOOD, Stage, closed_port, sslpoke, stderr, stdout};

/// An installation of Jira with a Java of its own.
struct Jira {
    folder: tempfile::TempDir,
    stage: Stage,
}

impl Jira {
    fn new(setenv: &str) -> Self {
        let jira = Self { folder: tempfile::tempdir().unwrap(), stage: Stage::new() };
        jira.write("opt/atlassian/jira/atlassian-jira/WEB-INF/web.xml", "");
        jira.write("opt/atlassian/jira/jre/release", "JAVA_VERSION=\"17.0.15\"\n");
        jira.write("opt/atlassian/jira/jre/conf/security/java.security", "");
        jira.write("opt/atlassian/jira/jre/lib/security/other", "");
        jira.write("opt/atlassian/jira/jre/bin/java", "");
        jira.write("opt/atlassian/jira/bin/setenv.sh", setenv);
        jira.write(
            "opt/atlassian/jira/bin/user.sh",
            "# user\nJIRA_USER=\"\" ##\nexport JIRA_USER\n",
        );
        fs::copy(jira.stage.store(), jira.path("opt/atlassian/jira/jre/lib/security/cacerts"))
            .unwrap();
        fs::copy(jira.stage.store(), jira.path("own.jks")).unwrap();
        jira
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(Path::new(&path).parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Pokes a closed port as this Jira would, and returns what is told.
    fn poke(&self, options: &[&str]) -> Value {
        let port = closed_port();
        let words = [&["poke", "--format", "json"], options, &["localhost", &port]].concat();
        let output = sslpoke(&words);
        let told = stdout(&output);
        assert!(!told.is_empty(), "{}", stderr(&output));
        assert!(!told.contains("s3cret") && !stderr(&output).contains("s3cret"), "{told}");
        serde_json::from_str(&told).unwrap()
    }

    fn poke_in_folder(&self) -> Value {
        self.poke(&["--jira", &self.path("opt/atlassian/jira")])
    }
}

/// The end of Jira's script.
const REST: &str = r#"
JVM_REQUIRED_ARGS='-Djava.awt.headless=true -Datlassian.standalone=JIRA'
JVM_EXTRA_ARGS="-XX:-OmitStackTraceInFastThrow"
PRGDIR=`dirname "$0"`
cat "${PRGDIR}"/jirabanner.txt
JIRA_HOME_MINUSD=""
if [ "$JIRA_HOME" != "" ]; then
    echo $JIRA_HOME | grep -q " "
    if [ $? -eq 0 ]; then
        echo "no"
    else
        JIRA_HOME_MINUSD=-Djira.home=$JIRA_HOME
    fi
fi
JAVA_OPTS="-Xms${JVM_MINIMUM_MEMORY} ${JAVA_OPTS} ${JVM_REQUIRED_ARGS} ${DISABLE_NOTIFICATIONS} ${JVM_SUPPORT_RECOMMENDED_ARGS} ${JVM_EXTRA_ARGS} ${JIRA_HOME_MINUSD}"
export JAVA_OPTS
"#;

#[test]
fn s19_the_store_that_setenv_names_is_found_without_running_it() {
    for (line, path) in [
        ("JVM_SUPPORT_RECOMMENDED_ARGS=\"-Djavax.net.ssl.trustStore=@own.jks\"", Some("own.jks")),
        (
            "JVM_SUPPORT_RECOMMENDED_ARGS='-Dx=y -Djavax.net.ssl.trustStore=@own.jks'",
            Some("own.jks"),
        ),
        (": ${JVM_SUPPORT_RECOMMENDED_ARGS:=-Djavax.net.ssl.trustStore=@own.jks}", Some("own.jks")),
        (
            ": \"${JVM_SUPPORT_RECOMMENDED_ARGS:=\"-Djavax.net.ssl.trustStore=@own.jks\"}\"",
            Some("own.jks"),
        ),
        ("#JVM_SUPPORT_RECOMMENDED_ARGS=-Djavax.net.ssl.trustStore=@own.jks", None),
        (
            "DIR=@\nexport JVM_SUPPORT_RECOMMENDED_ARGS=\"-Da=b \\\n -Djavax.net.ssl.trustStore=${DIR}own.jks\"",
            Some("own.jks"),
        ),
        (
            "JVM_SUPPORT_RECOMMENDED_ARGS=-Djavax.net.ssl.trustStore=../../../../own.jks",
            Some("own.jks"),
        ),
        ("JVM_SUPPORT_RECOMMENDED_ARGS=-Djavax.net.ssl.trustStore='\"@own.jks\"'", Some("own.jks")),
        (
            "JAVA_OPTS=-Djavax.net.ssl.trustStore=/no\nCATALINA_OPTS=-Djavax.net.ssl.trustStore=@own.jks",
            Some("own.jks"),
        ),
    ] {
        let jira = Jira::new("");
        let own = format!("{}/", jira.folder.path().display());
        jira.write("opt/atlassian/jira/bin/setenv.sh", &(line.replace('@', &own) + REST));
        let told = jira.poke_in_folder();
        let found = fs::canonicalize(
            Path::new(&jira.path("opt/atlassian/jira/bin"))
                .join(told["truststore"]["path"].as_str().unwrap()),
        );
        let expected = path.unwrap_or("opt/atlassian/jira/jre/lib/security/cacerts");
        assert_eq!(found.unwrap(), fs::canonicalize(jira.path(expected)).unwrap(), "{line}");
        assert_eq!(told["truststore"]["anchors"], 1, "{line}");
        assert_eq!(told["runtime"]["release"], "17.0.15");
    }
}

#[test]
fn s19_the_doctor_takes_store_and_proxy_from_setenv_alone() {
    let (jira, other) = (Jira::new(""), Stage::named("Other"));
    let port = jira.stage.serve(GOOD);
    // without the last property Java would go straight to localhost
    let proxy = proxy_to(port.clone());
    let own = jira.path("own.jks");
    jira.write(
        "opt/atlassian/jira/bin/setenv.sh",
        &format!(
            "#JVM_SUPPORT_RECOMMENDED_ARGS='-Djavax.net.ssl.trustStore=/nosuch/cacerts'\n\
             : ${{JVM_SUPPORT_RECOMMENDED_ARGS:=\"-Djavax.net.ssl.trustStore={own} -Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort={proxy} -Dhttp.nonProxyHosts=\"}}{REST}"
        ),
    );
    let folder = jira.path("opt/atlassian/jira");
    let url = format!("https://localhost:{port}");
    let words = ["doctor", "--format", "json", "--jira", &folder, &url];
    let examined = || {
        let output = sslpoke(&words);
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        (report, output.status.code())
    };
    let (report, exit) = examined();
    assert_eq!((exit, &report["result"]), (Some(0), &"connected".into()), "{report:#}");
    assert_eq!(report["truststore"]["path"], own);
    let way = report["connection"]["proxy"].as_str().unwrap();
    assert!(way.ends_with(&format!("127.0.0.1:{proxy}")), "{way}");
    fs::copy(other.store(), &own).unwrap();
    let before = fs::read(&own).unwrap();
    let (report, exit) = examined();
    assert_eq!((exit, &report["result"]), (Some(1), &"refused".into()), "{report:#}");
    assert_eq!(report["reason"], "pkix-no-path");
    assert_eq!(fs::read(&own).unwrap(), before);
}

#[test]
fn a_mistyped_store_is_told_with_the_line_that_names_it() {
    let jira = Jira::new(&format!(
        "# Jira\nJVM_SUPPORT_RECOMMENDED_ARGS=\"-Djavax.net.ssl.trustStore=/nosuch/cacerts -Djavax.net.ssl.trustStorePassword=s3cret\"{REST}"
    ));
    let told = jira.poke_in_folder();
    assert_eq!(told["truststore"]["fallback_from"], "/nosuch/cacerts");
    let finding = told["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["code"] == "truststore-fallback");
    let what = finding.unwrap()["what"].as_str().unwrap();
    assert!(
        what.contains(&format!("line 2 of {}", jira.path("opt/atlassian/jira/bin/setenv.sh"))),
        "{what}"
    );
}

#[test]
fn an_image_is_seen_from_within() {
    let jira = Jira::new(&format!(
        "JVM_SUPPORT_RECOMMENDED_ARGS=-Djavax.net.ssl.trustStore=/var/link.jks{REST}\nJRE_HOME=/opt/java; export JRE_HOME\n"
    ));
    jira.write("opt/java/release", "JAVA_VERSION=\"21.0.13\"\n");
    jira.write("opt/java/conf/security/java.security", "");
    jira.write("opt/java/lib/security/x", "");
    jira.write("opt/java/bin/java", "");
    jira.write("var/x", "");
    std::os::unix::fs::symlink("/own.jks", jira.path("var/link.jks")).unwrap();
    let told = jira.poke(&["--root", &jira.path("")]);
    assert_eq!(told["truststore"]["path"], "/var/link.jks", "{told}");
    assert_eq!(told["truststore"]["anchors"], 1);
    assert_eq!(told["runtime"]["java_home"], "/opt/java");
    assert_eq!(told["runtime"]["release"], "21.0.13");
}

#[test]
fn a_unit_gives_environment_and_user() {
    let jira = Jira::new(REST);
    jira.write("etc/passwd", "root:x:0:0::/:/bin/sh\njira:x:2001:2001::/:/bin/sh\n");
    jira.write("etc/group", "jira:x:2001:\n");
    jira.write(
        "etc/systemd/system/jira.service",
        "[Service]\nUser=jira\nEnvironment=JVM_SUPPORT_RECOMMENDED_ARGS=-Djavax.net.ssl.trustStore=/own.jks\n\
         ExecStart=/opt/atlassian/jira/bin/start-jira.sh\n",
    );
    let root = jira.path("");
    let mode = |mode| {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(jira.path("own.jks"), fs::Permissions::from_mode(mode)).unwrap();
    };
    fs::set_permissions(&root, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    mode(0o644);
    assert_eq!(jira.poke(&["--root", &root])["truststore"]["path"], "/own.jks");
    mode(0o600);
    let told = jira.poke(&["--root", &root]);
    assert_eq!(told["truststore"]["fallback_from"], "/own.jks");
    assert!(told.to_string().contains("jira may not read it: /own.jks"), "{told}");
}

#[test]
fn options_are_taken_from_a_file() {
    let jira = Jira::new("");
    jira.write("args", &format!("java\n-Djavax.net.ssl.trustStore={}\n", jira.path("own.jks")));
    let home = jira.path("opt/atlassian/jira/jre");
    let told = jira.poke(&["--jvm-args", &jira.path("args"), "--java-home", &home]);
    assert_eq!(told["truststore"]["path"], jira.path("own.jks").as_str());
    assert_eq!(told["truststore"]["source"], format!("line 2 of {}", jira.path("args")));
    let output = sslpoke(&["poke", "--jvm-args", "/nosuch", "localhost", "1"]);
    assert_eq!(output.status.code(), Some(4));
    let output = sslpoke(&["poke", "--jira", "/nosuch", "localhost", "1"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn an_image_is_listed_with_what_would_use_which_store() {
    let jira = Jira::new(&format!(
        "JVM_SUPPORT_RECOMMENDED_ARGS=\"-Djavax.net.ssl.trustStore=/nosuch -Djavax.net.ssl.keyStorePassword=s3cret -Dhttps.proxyHost=proxy.example -Dhttps.proxyPort=3128 -Dhttps.proxyPassword=s3cret\"{REST}"
    ));
    jira.write("opt/tools/release", "JAVA_VERSION=\"21.0.13\"\nIMPLEMENTOR=\"Eclipse Adoptium\"\n");
    jira.write("opt/tools/bin/java", "");
    jira.write("opt/tools/lib/security/x", "");
    jira.write("opt/tools/conf/security/java.security", "");
    jira.write(
        "usr/lib/systemd/system/tool.service",
        "[Service]\nExecStart=/opt/tools/bin/java -Djavax.net.ssl.trustStore=/own.jks -Dtoken=s3cret -jar /opt/t.jar\n",
    );
    let root = jira.path("");
    let roots = jira.stage.path("root.pem");
    let output = sslpoke(&["trust", "list", "--format", "json", &jira.path("own.jks")]);
    let listed: Value = serde_json::from_str(&stdout(&output)).unwrap();
    let sha256 = listed["entries"][0]["sha256"].as_str().unwrap();
    assert!(Path::new(&roots).exists());
    for format in ["json", "text"] {
        let output =
            sslpoke(&["runtimes", "--root", &root, "--sha256", sha256, "--format", format]);
        let told = stdout(&output);
        assert_eq!(output.status.code(), Some(1), "a store that is passed over is a problem");
        assert!(!told.contains("s3cret"), "{told}");
        if format == "text" {
            for line in
                ["does not run", "told to use /nosuch", "proxy.example:3128", "Eclipse Adoptium"]
            {
                assert!(told.contains(line), "{line}: {told}");
            }
            continue;
        }
        let told: Value = serde_json::from_str(&told).unwrap();
        let jvms = told["jvms"].as_array().unwrap();
        let named: Vec<_> =
            jvms.iter().map(|jvm| (jvm["product"].clone(), jvm["release"].clone())).collect();
        assert_eq!(
            named,
            [(Value::from("Jira"), "17.0.15".into()), (Value::Null, "21.0.13".into())]
        );
        assert_eq!(jvms[0]["truststore"]["fallback_from"], "/nosuch");
        assert_eq!(jvms[0]["truststore"]["holds"], true);
        assert_eq!(jvms[1]["truststore"]["path"], "/own.jks");
        let stores = told["stores"].as_array().unwrap();
        assert_eq!(stores.len(), 2, "{stores:?}");
        assert!(stores.iter().all(|store| store["holds"] == true && store["in_use"] == false));
    }
}
