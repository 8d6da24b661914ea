//! What a session brings along, checked against what the masque declares: parameters in their canonical form, the intent in NFKC.

mod duration;

use masque_abi::manifest::{Param, ParamType};
use masque_abi::{Manifest, Ring, Session};

use crate::{CallError, Limits, intent};

/// Why a session's parameters are not what the masque declares.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParamError {
    /// The masque has no such parameter.
    #[error("the masque has no parameter `{name}`: {}", known(known_names))]
    Unknown {
        /// What was given.
        name: String,
        /// The parameters that there are.
        known_names: Vec<String>,
    },
    /// A parameter is given more than once.
    #[error("the parameter `{name}` is given twice: give it once")]
    Twice {
        /// Its name.
        name: String,
    },
    /// A parameter without a default is not given.
    #[error("the parameter `{name}` has to be set: give {wanted}")]
    Missing {
        /// Its name.
        name: String,
        /// What it may be.
        wanted: String,
    },
    /// A value that the parameter can't have.
    #[error("the parameter `{name}` can't be `{value}`: give {wanted}")]
    Value {
        /// Its name.
        name: String,
        /// What was given.
        value: String,
        /// What it may be.
        wanted: String,
    },
}

fn known(names: &[String]) -> String {
    match names {
        [] => "it has none, so leave it out".to_owned(),
        names => format!("it has {}", list(names)),
    }
}

fn list(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// The session as the masque takes it.
pub(crate) fn prepare(session: &Session, manifest: &Manifest, limits: &Limits) -> Result<Session, CallError> {
    let purpose = intent::normalise(&session.intent, limits.session_bytes).map_err(CallError::Purpose)?;
    let params = canonical(&session.params, &manifest.params)?;
    Ok(Session { intent: purpose.into_owned(), ring: session.ring, agent: session.agent.clone(), params })
}

fn canonical(given: &[(String, String)], declared: &[Param]) -> Result<Vec<(String, String)>, ParamError> {
    let by_name: std::collections::HashMap<&str, usize> =
        declared.iter().enumerate().map(|(index, param)| (param.name.as_str(), index)).collect();
    let mut values = vec![None; declared.len()];
    for (name, value) in given {
        let Some(&index) = by_name.get(name.as_str()) else {
            let known_names = declared.iter().map(|param| param.name.clone()).collect();
            return Err(ParamError::Unknown { name: name.clone(), known_names });
        };
        let canonical = canonical_value(value, &declared[index]).ok_or_else(|| ParamError::Value {
            name: name.clone(),
            value: value.clone(),
            wanted: wanted(&declared[index]),
        })?;
        if values[index].replace(canonical).is_some() {
            return Err(ParamError::Twice { name: name.clone() });
        }
    }
    let mut params = Vec::with_capacity(given.len());
    for (param, value) in declared.iter().zip(values) {
        match value {
            Some(value) => params.push((param.name.clone(), value)),
            None if param.default.is_none() => {
                return Err(ParamError::Missing { name: param.name.clone(), wanted: wanted(param) });
            }
            None => {}
        }
    }
    Ok(params)
}

/// What a parameter may be, in words.
fn wanted(param: &Param) -> String {
    match param.kind {
        ParamType::Bool => "`true` or `false`".to_owned(),
        ParamType::Int => "a whole number within ±(2⁵³ − 1)".to_owned(),
        ParamType::String => "any text".to_owned(),
        ParamType::Duration => "a duration such as `15m`, `1h30m`, `15 minutes` or `PT15M`".to_owned(),
        ParamType::Ring => "`outsider`, `guest`, `player` or `admin`".to_owned(),
        ParamType::Version => "a version such as `1.2.3`".to_owned(),
        ParamType::Choice => format!("one of {}", list(&param.one_of)),
    }
}

/// The canonical form of a value; `None` where the type has no such value.
fn canonical_value(value: &str, param: &Param) -> Option<String> {
    let trimmed = value.trim();
    match param.kind {
        ParamType::String => Some(value.to_owned()),
        ParamType::Choice => param.one_of.iter().find(|choice| **choice == value).cloned(),
        ParamType::Bool => trimmed.parse::<bool>().ok().map(|truth| truth.to_string()),
        ParamType::Int => int(trimmed),
        ParamType::Duration => duration::seconds(trimmed).map(|seconds| format!("{seconds}s")),
        ParamType::Ring => trimmed.parse::<Ring>().ok().map(|ring| ring.name().to_owned()),
        ParamType::Version => version(trimmed),
    }
}

fn int(text: &str) -> Option<String> {
    const MOST: i64 = (1 << 53) - 1;
    let number = text.parse::<i64>().ok()?;
    (-MOST..=MOST).contains(&number).then(|| number.to_string())
}

fn version(text: &str) -> Option<String> {
    let digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let numbers: Option<Vec<u32>> = text
        .split('.')
        .map(|group| group.parse().ok().filter(|number| digits(group) && *number < 1 << 20))
        .collect();
    match numbers?.as_slice() {
        [major, minor, patch] => Some(format!("{major}.{minor}.{patch}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn param(kind: ParamType) -> Param {
        let one_of =
            if kind == ParamType::Choice { vec!["a".to_owned(), "b c".to_owned()] } else { Vec::new() };
        Param { name: "p".to_owned(), kind, one_of, default: None }
    }

    #[test]
    fn values_become_canonical_or_are_refused() {
        for (kind, value, canonical) in [
            (ParamType::Bool, "true", Some("true")),
            (ParamType::Bool, "yes", None),
            (ParamType::Int, "+007", Some("7")),
            (ParamType::Int, "-0", Some("0")),
            (ParamType::Int, "9007199254740991", Some("9007199254740991")),
            (ParamType::Int, "9007199254740992", None),
            (ParamType::Int, "1.5", None),
            (ParamType::String, " as it is ", Some(" as it is ")),
            (ParamType::Duration, "15m", Some("900s")),
            (ParamType::Duration, "1h30m", Some("5400s")),
            (ParamType::Duration, "PT15M", Some("900s")),
            (ParamType::Duration, "P1DT2H", Some("93600s")),
            (ParamType::Duration, "15 minutes", Some("900s")),
            (ParamType::Duration, "1 hour", Some("3600s")),
            (ParamType::Duration, "2d", Some("172800s")),
            (ParamType::Duration, "1w", Some("604800s")),
            (ParamType::Duration, "15", None),
            (ParamType::Duration, "m", None),
            (ParamType::Duration, "", None),
            (ParamType::Duration, "99999999999999999999s", None),
            (ParamType::Ring, "admin", Some("admin")),
            (ParamType::Ring, "root", None),
            (ParamType::Version, "1.02.3", Some("1.2.3")),
            (ParamType::Version, "1.2", None),
            (ParamType::Version, "1.2.+3", None),
            (ParamType::Version, "1.2.1048576", None),
            (ParamType::Choice, "b c", Some("b c")),
            (ParamType::Choice, "B C", None),
        ] {
            assert_eq!(canonical_value(value, &param(kind)).as_deref(), canonical, "{kind:?} {value:?}");
        }
    }

    #[test]
    fn errors_say_what_to_do() {
        let declared = [Param { name: "zone".to_owned(), ..param(ParamType::Choice) }];
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        for (given, message) in [
            (vec![pair("zon", "a")], "the masque has no parameter `zon`: it has `zone`"),
            (vec![pair("zone", "c")], "the parameter `zone` can't be `c`: give one of `a`, `b c`"),
            (vec![pair("zone", "a"), pair("zone", "a")], "the parameter `zone` is given twice: give it once"),
            (vec![], "the parameter `zone` has to be set: give one of `a`, `b c`"),
        ] {
            assert_eq!(canonical(&given, &declared).unwrap_err().to_string(), message);
        }
        let none = canonical(&[pair("zone", "a")], &[]).unwrap_err();
        assert_eq!(none.to_string(), "the masque has no parameter `zone`: it has none, so leave it out");
    }
}
