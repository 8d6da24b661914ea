//! Which of the canonical bodies a program needs.

/// A set of needs. A program's code follows from it, and it follows from the program's data, where it is stored as well.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Features(u32);

impl Features {
    /// No need: a decision that is always the same, and results that lie ready.
    pub const NONE: Self = Self(0);
    /// A rule's part has cells of one byte.
    pub const NARROW: Self = Self(1);
    /// A rule's part has cells of two bytes.
    pub const WIDE: Self = Self(1 << 1);
    /// Parts run only in some sessions.
    pub const GUARDS: Self = Self(1 << 2);
    /// What is offered as knowledge depends on the session.
    pub const KNOWLEDGE: Self = Self(1 << 3);
    /// What is asked for depends on the session.
    pub const ACCESS: Self = Self(1 << 4);
    /// The context is a template.
    pub const CONTEXT: Self = Self(1 << 5);
    /// The lens is a template.
    pub const LENS: Self = Self(1 << 6);
    /// There are conditions.
    pub const CONDITIONS: Self = Self(1 << 7);
    /// A condition compares texts.
    pub const EQUAL: Self = Self(1 << 8);
    /// A condition compares numbers.
    pub const LESS: Self = Self(1 << 9);
    /// A condition's automaton has cells of one byte.
    pub const MATCH_NARROW: Self = Self(1 << 10);
    /// A condition's automaton has cells of two bytes.
    pub const MATCH_WIDE: Self = Self(1 << 11);
    /// Parameters are looked at.
    pub const PARAMS: Self = Self(1 << 12);
    /// Texts are looked at in another form.
    pub const FORMS: Self = Self(1 << 13);

    /// What makes a program look at its session: its header is longer.
    pub const SESSION: Self =
        Self(Self::GUARDS.0 | Self::KNOWLEDGE.0 | Self::ACCESS.0 | Self::CONTEXT.0 | Self::LENS.0);
    /// The rules' parts that are walked.
    pub(crate) const WALKS: Self = Self(Self::NARROW.0 | Self::WIDE.0);
    /// The conditions' automata.
    pub(crate) const MATCHES: Self = Self(Self::MATCH_NARROW.0 | Self::MATCH_WIDE.0);
    /// The results that are filtered lists.
    pub(crate) const LISTS: Self = Self(Self::KNOWLEDGE.0 | Self::ACCESS.0);
    /// The results that are templates.
    pub(crate) const TEMPLATES: Self = Self(Self::CONTEXT.0 | Self::LENS.0);
    const ALL: u32 = (1 << 14) - 1;

    /// The set that this word stands for; `None` where no program has those needs and no others.
    pub fn from_bits(bits: u32) -> Option<Self> {
        let set = Self(bits);
        let implies = |these, others| !set.any(these) || set.any(others);
        let conditions =
            Self::GUARDS.with(Self::LISTS).with(Self::EQUAL).with(Self::LESS).with(Self::MATCHES);
        let known = bits & !Self::ALL == 0
            && implies(conditions, Self::CONDITIONS)
            && implies(Self::CONDITIONS.with(Self::PARAMS).with(Self::FORMS), Self::SESSION);
        known.then_some(set)
    }

    /// The word that stands for the set.
    pub fn bits(self) -> u32 {
        self.0
    }

    /// Whether one of `others` is in it.
    pub fn any(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }

    /// This set and the other.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// This set, and the other one where `needed`.
    #[must_use]
    pub fn with_if(self, needed: bool, other: Self) -> Self {
        if needed { self.with(other) } else { self }
    }

    /// What the rules' parts of this width need.
    pub fn walk(width: u32) -> Self {
        if width == 1 { Self::NARROW } else { Self::WIDE }
    }

    /// What conditions' automata of this width need.
    pub fn matching(width: u32) -> Self {
        if width == 1 { Self::MATCH_NARROW } else { Self::MATCH_WIDE }
    }
}
