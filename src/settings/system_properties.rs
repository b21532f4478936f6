//! System properties: `-Dname=value`, the last one wins, each with where it was given.

use super::{Source, Sourced};

/// System properties in the order in which Java sees them.
#[derive(Clone, Debug, Default)]
pub(crate) struct SystemProperties(Vec<Property>);

#[derive(Clone, Debug)]
struct Property {
    name: String,
    value: String,
    source: Source,
}

impl SystemProperties {
    /// Takes the `-D` options of a verb.
    pub(crate) fn of_options(definitions: &[String]) -> Self {
        let mut properties = Self::default();
        for definition in definitions {
            properties.define(definition, Source::CommandLine);
        }
        properties
    }

    /// Defines what follows `-D`: `name=value`, or `name` alone for an empty value.
    pub(crate) fn define(&mut self, argument: &str, source: Source) {
        let (name, value) = argument.split_once('=').unwrap_or((argument, ""));
        self.0.push(Property { name: name.to_owned(), value: value.to_owned(), source });
    }

    /// Returns the value of a property.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.last(name).map(|property| property.value.as_str())
    }

    /// Returns the value of a property that is neither absent nor empty.
    pub(crate) fn non_empty(&self, name: &str) -> Option<&str> {
        self.value(name).filter(|value| !value.is_empty())
    }

    /// Returns the value of a property and where it was given.
    pub(crate) fn sourced(&self, name: &str) -> Option<Sourced<&str>> {
        self.last(name).map(|held| Sourced::new(held.value.as_str(), held.source.clone()))
    }

    /// Returns whether a property is `true`, in any case, as `Boolean.getBoolean` reads it.
    pub(crate) fn is_true(&self, name: &str) -> bool {
        self.value(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// Returns whether a property is `false`, in any case.
    pub(crate) fn is_false(&self, name: &str) -> bool {
        self.value(name).is_some_and(|value| value.eq_ignore_ascii_case("false"))
    }

    fn last(&self, name: &str) -> Option<&Property> {
        self.0.iter().rev().find(|property| property.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_definition_wins_and_keeps_its_source() {
        let mut properties = SystemProperties::default();
        properties.define("a=1", Source::Variable("JAVA_TOOL_OPTIONS"));
        properties.define("a=2=3", Source::CommandLine);
        properties.define("b", Source::CommandLine);
        assert_eq!(properties.sourced("a"), Some(Sourced::new("2=3", Source::CommandLine)));
        assert_eq!(properties.value("b"), Some(""));
        assert_eq!(properties.non_empty("b"), None);
        assert_eq!(properties.value("c"), None);
    }
}
