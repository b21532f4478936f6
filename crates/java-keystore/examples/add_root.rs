//! Adds a root to a trust store: `add_root STORE PASSWORD ROOT.der ALIAS`.

use std::error::Error;
use std::time::{SystemTime, UNIX_EPOCH};

use java_keystore::file::{Writing, load, update};
use java_keystore::{Alias, KeyStore, Password, Timestamp};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [store, password, root, alias] = arguments.as_slice() else {
        return Err("wanted: STORE PASSWORD ROOT.der ALIAS".into());
    };
    let root = load(root.as_ref())?.into();
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();
    let now = Timestamp(now.try_into()?);
    let password = Some(Password::new(password));
    let writing = Writing { backup: Some(now), ..Writing::default() };
    update(store.as_ref(), &writing, |bytes| -> Result<_, Box<dyn Error>> {
        let mut store = KeyStore::read(bytes.ok_or("there is no such store")?, password.as_ref())?;
        store.trust(&Alias::new(alias), &root, now)?;
        Ok(Some(store.write(password.as_ref())?))
    })?;
    Ok(())
}
