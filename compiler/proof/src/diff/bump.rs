//! Which part of a version has to change, and whether a declared version does.

use semver::Version;

/// The part of a version that changes with a masque.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bump {
    /// None: the masques are the same.
    Nothing,
    /// Only text changed.
    Patch,
    /// Less is granted.
    Minor,
    /// More is granted, or more here and less there.
    Major,
}

/// What a declared version is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Declared {
    /// It says as much as changed, or more.
    Enough,
    /// It says too little.
    TooLittle {
        /// The least version that says enough.
        least: Version,
    },
    /// It is below the old one.
    Backwards {
        /// The least version that says enough.
        least: Version,
    },
}

/// Whether `new` says of a change from `old` what has to be said. Before 1.0.0 the second part stands for the first, and the third for
/// the others, as in Cargo. A pre-release says what its release will say.
#[must_use]
pub fn declared(old: &Version, new: &Version, bump: Bump) -> Declared {
    let least = least(old, bump);
    if new < old {
        return Declared::Backwards { least };
    }
    // A pre-release of the least version is enough of a promise.
    let release = Version::new(new.major, new.minor, new.patch);
    let is_enough = *new >= least || (release >= least && (new.pre.is_empty() || new > old));
    if is_enough { Declared::Enough } else { Declared::TooLittle { least } }
}

fn least(old: &Version, bump: Bump) -> Version {
    let (major, minor, patch) = (old.major, old.minor, old.patch);
    let is_pre = !old.pre.is_empty();
    match (bump, major) {
        (Bump::Nothing, _) => old.clone(),
        // The release that a pre-release promises has not been made yet.
        (_, _) if is_pre => Version::new(major, minor, patch),
        (Bump::Major, 1..) => Version::new(major + 1, 0, 0),
        (Bump::Minor, 1..) | (Bump::Major, 0) => Version::new(major, minor + 1, 0),
        (Bump::Patch, _) | (Bump::Minor, 0) => Version::new(major, minor, patch + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_says_enough_or_what_would_be() {
        use Bump::{Major, Minor, Nothing, Patch};
        for (old, new, bump, least) in [
            ("1.2.3", "1.2.3", Nothing, None),
            ("1.2.3", "1.2.3", Patch, Some("1.2.4")),
            ("1.2.3", "1.2.4", Patch, None),
            ("1.2.3", "1.2.4", Minor, Some("1.3.0")),
            ("1.2.3", "1.3.0", Minor, None),
            ("1.2.3", "1.3.0", Major, Some("2.0.0")),
            ("1.2.3", "3.0.0", Major, None),
            ("1.2.3", "2.0.0-rc.1", Major, None),
            ("2.0.0-rc.1", "2.0.0-rc.1", Major, Some("2.0.0")),
            ("2.0.0-rc.1", "2.0.0-rc.2", Major, None),
            ("0.2.3", "0.2.4", Major, Some("0.3.0")),
            ("0.2.3", "0.2.4", Minor, None),
            ("0.0.3", "0.0.3", Patch, Some("0.0.4")),
        ] {
            let version = |text: &str| Version::parse(text).expect("a version");
            let expected = match least {
                None => Declared::Enough,
                Some(least) => Declared::TooLittle { least: version(least) },
            };
            assert_eq!(declared(&version(old), &version(new), bump), expected, "{old} {new} {bump:?}");
        }
        let older = declared(&Version::new(1, 2, 3), &Version::new(1, 2, 2), Nothing);
        assert_eq!(older, Declared::Backwards { least: Version::new(1, 2, 3) });
    }
}
