//! SSLPoke without Java, and what Java would have said.

fn main() {}
