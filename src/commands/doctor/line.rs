//! The command line that makes the same handshake again, to prove a repair.

use std::ffi::OsStr;

use crate::cli::{DoctorArgs, MachineOptions, Target};
use crate::diagnosis::{NearStore, quoted};
use crate::machine::{Product, Started};
use crate::settings::TRUST_STORE;

/// Returns the `poke` that shows whether Java connects, with all that was said of it but passwords.
pub(super) fn proof(
    args: &DoctorArgs,
    target: &Target,
    started: Option<&Started>,
    store: Option<&NearStore>,
) -> String {
    let mut line = Line(vec!["sslpoke poke".to_owned()]);
    line.assumed(args, started);
    line.runtime(args, store.is_some());
    if let Some(near) = store {
        line.0.push(quoted(&format!("-D{TRUST_STORE}={}", near.path.display())));
    }
    line.store(args);
    line.wire(args);
    line.0.push(quoted(&target.host));
    line.0.push(quoted(&target.port));
    line.0.join(" ")
}

struct Line(Vec<String>);

impl Line {
    fn option(&mut self, name: &str, value: Option<&OsStr>) {
        if let Some(value) = value {
            self.0.push(format!("{name} {}", quoted(&value.to_string_lossy())));
        }
    }

    fn text(&mut self, name: &str, value: Option<&str>) {
        self.option(name, value.map(OsStr::new));
    }

    fn flag(&mut self, name: &str, is_set: bool) {
        if is_set {
            self.0.push(name.to_owned());
        }
    }

    /// Names the product that the doctor took where no option said which JVM is meant.
    fn assumed(&mut self, args: &DoctorArgs, started: Option<&Started>) {
        let MachineOptions { pid, jira, root, jvm_args } = &args.machine;
        let is_said = pid.is_some() || jira.is_some() || root.is_some() || jvm_args.is_some();
        match started.filter(|_| !is_said) {
            Some(Started { process: Some(_), .. }) => self.text("--pid", Some("auto")),
            Some(Started { product: Some(Product { folder, .. }), .. }) => {
                self.option("--jira", folder.as_ref().map(|folder| folder.as_os_str()));
            }
            Some(_) | None => {}
        }
    }

    fn runtime(&mut self, args: &DoctorArgs, is_corrected: bool) {
        self.text("--pid", args.machine.pid.as_deref());
        self.option("--jira", args.machine.jira.as_deref());
        self.option("--root", args.machine.root.as_deref());
        self.option("--jvm-args", args.machine.jvm_args.as_deref());
        self.text("--java", args.runtime.java.as_deref());
        self.option("--java-home", args.runtime.java_home.as_deref());
        for property in &args.runtime.properties {
            if is_corrected && property.starts_with(&format!("{TRUST_STORE}=")) {
                continue;
            }
            let (name, _) = property.split_once('=').unwrap_or((property, ""));
            if name.to_ascii_lowercase().contains("password") {
                self.0.push(format!("-D{name}=PASSWORD"));
            } else {
                self.0.push(quoted(&format!("-D{property}")));
            }
        }
    }

    fn store(&mut self, args: &DoctorArgs) {
        let store = &args.store;
        self.option("--truststore", store.truststore.as_deref());
        self.text("--storetype", store.storetype.as_deref());
        self.option("--storepass-file", store.password.storepass_file.as_deref());
        self.text("--storepass-env", store.password.storepass_env.as_deref());
        self.flag("--storepass-stdin", store.password.storepass_stdin);
    }

    fn wire(&mut self, args: &DoctorArgs) {
        let (wire, proxy) = (&args.wire, &args.wire.proxy);
        wire.resolve.iter().for_each(|resolve| self.text("--resolve", Some(resolve)));
        self.flag("-4", wire.ipv4);
        self.flag("-6", wire.ipv6);
        self.text("--starttls", wire.starttls.map(|it| crate::cli::starttls_names(it).0));
        self.text("--proxy", proxy.proxy.as_deref());
        self.flag("--no-proxy", proxy.no_proxy);
        self.text("--proxy-user", proxy.proxy_user.as_deref());
        self.option("--proxy-pass-file", proxy.proxy_pass_file.as_deref());
        self.text("--proxy-pass-env", proxy.proxy_pass_env.as_deref());
        self.flag("--proxy-pass-stdin", proxy.proxy_pass_stdin);
        self.text("--sni", wire.sni.as_deref());
        let check = Some(wire.hostname_check.as_str()).filter(|check| *check != "https");
        self.text("--hostname-check", check);
        self.text("--at", wire.at.as_deref());
    }
}
