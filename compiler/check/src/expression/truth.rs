//! Truth in a session, in one canonical form: equal conditions become equal tests.
//!
//! `not` stands before leaves only; `and` and `or` are flat, sorted and without doubles; all tests of the agent's ring in one of them
//! are one set of rings.

use masque_ir::{Ring, Rings, Test, Text, TextForm, TextSource};

/// Whether something holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Truth {
    /// In every session, or in none.
    Known(bool),
    /// The session decides.
    Test(Test),
}

impl Truth {
    /// Holds where this does not.
    pub(crate) fn negated(self) -> Self {
        match self {
            Self::Known(holds) => Self::Known(!holds),
            Self::Test(Test::Not(inner)) => Self::Test(*inner),
            Self::Test(Test::Ring(rings)) => Self::rings(Rings::of(|ring| !rings.contains(ring))),
            Self::Test(Test::All(tests)) => {
                Self::any(tests.into_iter().map(|test| Self::Test(test).negated()))
            }
            Self::Test(Test::Any(tests)) => {
                Self::all(tests.into_iter().map(|test| Self::Test(test).negated()))
            }
            Self::Test(test) => Self::Test(Test::Not(Box::new(test))),
        }
    }

    /// Holds where all of these do.
    pub(crate) fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        joined(parts, true)
    }

    /// Holds where one of these does.
    pub(crate) fn any(parts: impl IntoIterator<Item = Self>) -> Self {
        joined(parts, false)
    }

    /// Holds where both do or neither does.
    pub(crate) fn same(left: Self, right: Self) -> Self {
        let both = Self::all([left.clone(), right.clone()]);
        Self::any([both, Self::all([left.negated(), right.negated()])])
    }

    /// The agent's ring is one of these.
    pub(crate) fn rings(rings: Rings) -> Self {
        match Ring::ALL.into_iter().filter(|ring| rings.contains(*ring)).count() {
            0 => Self::Known(false),
            4 => Self::Known(true),
            _ => Self::Test(Test::Ring(rings)),
        }
    }

    /// Two texts are the same.
    pub(crate) fn equal(left: Text, right: Text) -> Self {
        if left == right {
            return Self::Known(true);
        }
        // The constant stands behind; two texts of the session have a fixed order.
        let (left, right) = match (&left.source, &right.source) {
            (TextSource::Constant(_), TextSource::Constant(_)) => return Self::Known(false),
            (TextSource::Constant(_), _) => (right, left),
            (_, TextSource::Constant(_)) => (left, right),
            _ if rank(&left) > rank(&right) => (right, left),
            _ => (left, right),
        };
        match (&left, &right.source) {
            (Text { source: TextSource::SessionRing, form: TextForm::AsIs }, TextSource::Constant(name)) => {
                Self::rings(Rings::of(|ring| ring.name() == name))
            }
            _ => Self::Test(Test::Equal(left, right)),
        }
    }
}

/// How many values a run of the test holds at once, if it works from left to right.
pub(crate) fn stack_levels(test: &Test) -> usize {
    match test {
        Test::Not(inner) => stack_levels(inner),
        Test::All(tests) | Test::Any(tests) => {
            let levels = tests.iter().enumerate().map(|(at, test)| stack_levels(test) + usize::from(at > 0));
            levels.max().unwrap_or(1)
        }
        Test::Ring(_) | Test::Equal(..) | Test::Less(..) | Test::Matches { .. } => 1,
    }
}

/// `and` where `every`, else `or`. What decides the whole at once is false there, true here.
fn joined(parts: impl IntoIterator<Item = Truth>, every: bool) -> Truth {
    let mut leaves = Vec::new();
    let mut rings = Rings::of(|_| every);
    for part in parts {
        let test = match part {
            Truth::Known(holds) if holds == every => continue,
            Truth::Known(_) => return Truth::Known(!every),
            Truth::Test(test) => test,
        };
        let tests = match test {
            Test::All(tests) if every => tests,
            Test::Any(tests) if !every => tests,
            test => vec![test],
        };
        for test in tests {
            match test {
                Test::Ring(more) if every => {
                    rings = Rings::of(|ring| rings.contains(ring) && more.contains(ring));
                }
                Test::Ring(more) => rings = Rings::of(|ring| rings.contains(ring) || more.contains(ring)),
                test => leaves.push(test),
            }
        }
    }
    match Truth::rings(rings) {
        Truth::Known(holds) if holds == every => {}
        Truth::Known(_) => return Truth::Known(!every),
        Truth::Test(test) => leaves.push(test),
    }
    leaves.sort_by_cached_key(rank);
    leaves.dedup();
    let contrary = |test: &Test| match test {
        Test::Not(inner) => leaves.contains(inner),
        test => every && leaves.iter().any(|other| exclude(test, other)),
    };
    if leaves.iter().any(contrary) {
        return Truth::Known(!every);
    }
    match (leaves.pop(), leaves.is_empty()) {
        (None, _) => Truth::Known(every),
        (Some(last), true) => Truth::Test(last),
        (Some(last), false) => {
            leaves.push(last);
            Truth::Test(if every { Test::All(leaves) } else { Test::Any(leaves) })
        }
    }
}

/// Whether two tests ask one text to be two constants.
fn exclude(one: &Test, other: &Test) -> bool {
    let (Test::Equal(left, constant), Test::Equal(other_left, other_constant)) = (one, other) else {
        return false;
    };
    let known = |text: &Text| matches!(text.source, TextSource::Constant(_));
    left == other_left && known(constant) && known(other_constant) && constant != other_constant
}

/// Any fixed order will do.
fn rank(part: &impl std::fmt::Debug) -> String {
    format!("{part:?}")
}
