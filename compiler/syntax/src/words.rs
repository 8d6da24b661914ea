//! The closed sets of words that fields choose from.

use crate::ast::{Clauses, MatchMode, Ring, Score, SkillLevel, SpinnerMode, Transport, Widen};

/// A closed set of words, one for each value.
pub trait Word: Copy + 'static {
    /// Every value, in the order in which messages list them.
    const ALL: &'static [Self];
    /// The words of [`Word::ALL`], in the same order.
    const WORDS: &'static [&'static str];
}

macro_rules! words {
    ($($kind:ident { $($value:ident = $word:literal),* })*) => {
        $(impl Word for $kind {
            const ALL: &'static [Self] = &[$(Self::$value),*];
            const WORDS: &'static [&'static str] = &[$($word),*];
        }

        impl $kind {
            /// The word as authors write it.
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$value => $word,)*
                }
            }
        })*
    };
}

words! {
    Ring { Admin = "admin", Player = "player", Guest = "guest", Outsider = "outsider" }
    MatchMode { Verb = "verb", Exact = "exact" }
    Clauses { Whole = "whole", Each = "each" }
    SkillLevel {
        Novice = "novice", Competent = "competent", Proficient = "proficient", Expert = "expert", Master = "master"
    }
    Score { Additive = "+", Negative = "-", Dividing = "/", Multiplicative = "*", Exponential = "e" }
    Transport { Stdio = "stdio", Http = "http", Sse = "sse" }
    Widen { Ring = "ring", Access = "access" }
    SpinnerMode { Replace = "replace", Append = "append", Prepend = "prepend" }
}
