//! The peers, each with the same rules in its own terms: two native glob sets, Cedar, Rego in regorus.

use std::str::FromStr;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// The rules of a contest: globs that every contestant takes literally.
pub(crate) struct Rules {
    pub(crate) allow: Vec<String>,
    pub(crate) deny: Vec<String>,
}

impl Rules {
    /// Seventeen rules, each a first word with anything behind it.
    pub(crate) fn prefixes() -> Self {
        let rules = |words: &[&str]| words.iter().map(|word| format!("{word} *")).collect();
        Self {
            allow: rules(&[
                "deploying",
                "debugging",
                "investigating",
                "restarting",
                "scaling",
                "monitoring",
                "upgrading",
                "patching",
                "backing up",
                "documenting",
                "reviewing",
                "planning",
            ]),
            deny: rules(&["deleting", "destroying", "wiping", "formatting", "dropping"]),
        }
    }

    /// Seventeen rules, one of which looks for a word anywhere.
    pub(crate) fn with_infix() -> Self {
        let mut rules = Self::prefixes();
        rules.deny.pop();
        rules.deny.push("*credentials*".to_owned());
        rules
    }
}

/// A set for the allows and one for the denies, asked in turn.
pub(crate) struct Globs {
    allow: GlobSet,
    deny: GlobSet,
}

impl Globs {
    pub(crate) fn new(rules: &Rules) -> Self {
        let set = |globs: &[String]| {
            let mut set = GlobSetBuilder::new();
            for glob in globs {
                let glob = GlobBuilder::new(glob)
                    .literal_separator(false)
                    .empty_alternates(true)
                    .backslash_escape(true)
                    .build()
                    .expect("the rules are globs");
                set.add(glob);
            }
            set.build().expect("the set is small")
        };
        Self { allow: set(&rules.allow), deny: set(&rules.deny) }
    }

    pub(crate) fn allows(&self, intent: &str) -> bool {
        !self.deny.is_match(intent) && self.allow.is_match(intent)
    }
}

/// One permit for each allow, one forbid for each deny.
pub(crate) struct Cedar {
    authorizer: cedar_policy::Authorizer,
    policies: cedar_policy::PolicySet,
    entities: cedar_policy::Entities,
}

impl Cedar {
    pub(crate) fn new(rules: &Rules) -> Self {
        let policy = |effect: &str, glob: &String| {
            format!("{effect}(principal, action, resource) when {{ context.intent like \"{glob}\" }};\n")
        };
        let text: String = (rules.allow.iter().map(|glob| policy("permit", glob)))
            .chain(rules.deny.iter().map(|glob| policy("forbid", glob)))
            .collect();
        Self {
            authorizer: cedar_policy::Authorizer::new(),
            policies: cedar_policy::PolicySet::from_str(&text).expect("the policies are well-formed"),
            entities: cedar_policy::Entities::empty(),
        }
    }

    /// Only the decision, with the request ready.
    pub(crate) fn prepared(&self, intent: &str) -> impl Fn() -> bool + use<'_> {
        use cedar_policy::{Context, Decision, EntityUid, Request, RestrictedExpression};
        let uid = |text: &str| EntityUid::from_str(text).expect("the identifiers are well-formed");
        let context =
            Context::from_pairs([("intent".to_owned(), RestrictedExpression::new_string(intent.to_owned()))])
                .expect("one key");
        let request =
            Request::new(uid("Agent::\"a\""), uid("Action::\"intend\""), uid("Masque::\"m\""), context, None)
                .expect("no schema is in the way");
        move || {
            self.authorizer.is_authorized(&request, &self.policies, &self.entities).decision()
                == Decision::Allow
        }
    }
}

/// A Rego module with one rule for each glob, written with the cheapest built-in that says the same: `glob.match` would take ten times
/// as long.
pub(crate) struct Rego {
    engine: regorus::Engine,
}

impl Rego {
    pub(crate) fn new(rules: &Rules) -> Self {
        let rule = |name: &str, glob: &String| match glob.trim_matches('*') {
            text if glob.starts_with('*') => format!("{name} if contains(input.intent, \"{text}\")\n"),
            text => format!("{name} if startswith(input.intent, \"{text}\")\n"),
        };
        let text: String =
            std::iter::once("package masque\nimport rego.v1\ndefault verdict := false\n".to_owned())
                .chain(rules.allow.iter().map(|glob| rule("allow", glob)))
                .chain(rules.deny.iter().map(|glob| rule("deny", glob)))
                .chain(["verdict if {\n  allow\n  not deny\n}\n".to_owned()])
                .collect();
        let mut engine = regorus::Engine::new();
        engine.add_policy("masque.rego".to_owned(), text).expect("the policy is well-formed");
        Self { engine }
    }

    pub(crate) fn allows(&mut self, intent: &str) -> bool {
        self.engine
            .set_input(regorus::Value::from_json_str(&format!("{{\"intent\":\"{intent}\"}}")).expect("JSON"));
        let verdict = self.engine.eval_rule("data.masque.verdict".to_owned()).expect("the rule is total");
        verdict == regorus::Value::from(true)
    }
}
