//! An identity as people, scripts and models read it.

use std::fmt::Write as _;

use masque_abi::{Grant, Ring, Ttl};
use masque_session::{Credential, SessionId, Time, WornMasque};
use masquec::output::{Ink, Paint, printable, section};
use serde_json::{Value, json};

use super::cast::Identity;
use super::time::{left, moment};

/// A session with what its masque makes of the wearer.
pub(crate) struct View<'a> {
    pub(crate) session: SessionId,
    pub(crate) masque: &'a WornMasque,
    pub(crate) identity: &'a Identity,
    /// What was lent, the latest last.
    pub(crate) credentials: &'a [Credential],
    pub(crate) agent: &'a str,
    /// Whose session is the first of the chain.
    pub(crate) source: &'a str,
    pub(crate) ring: Ring,
    pub(crate) intent: &'a str,
    pub(crate) restrictions: &'a [String],
    pub(crate) state: &'static str,
    pub(crate) now: Time,
    pub(crate) ends: Time,
}

impl View<'_> {
    pub(crate) fn human(&self, paint: Paint) -> String {
        let mut out = String::new();
        let Self { masque, identity, .. } = self;
        let _ = writeln!(
            out,
            "{}  {}  as {} ({})",
            paint.with(Ink::Good, self.state),
            paint.with(Ink::Heading, &format!("{} {}", masque.name, masque.version)),
            printable(self.agent),
            self.ring,
        );
        let _ = writeln!(out, "  \"{}\"\n", one_line(self.intent));
        section(&mut out, paint, "session", [self.session.to_string()]);
        section(
            &mut out,
            paint,
            "ends",
            [format!("{}  in {}", moment(self.ends), left(self.now, self.ends))],
        );
        if self.source != self.agent {
            section(&mut out, paint, "source", [printable(self.source)]);
        }
        section(&mut out, paint, "restricted", self.restrictions.iter().map(|pattern| one_line(pattern)));
        section(&mut out, paint, "knowledge", identity.knowledge.iter().map(|uri| printable(uri)));
        section(
            &mut out,
            paint,
            "access",
            identity.access.iter().map(|grant| one_line(&self.granted(grant))),
        );
        section(&mut out, paint, "context", printable(identity.context.trim_end()).lines());
        section(&mut out, paint, "lens", printable(identity.lens.trim_end()).lines());
        out
    }

    pub(crate) fn json(&self) -> Value {
        let Self { masque, identity, .. } = self;
        let access: Vec<Value> = identity
            .access
            .iter()
            .map(|grant| json!({ "provider": grant.provider, "role": grant.role, "ttl": ttl(grant), "minted": self.lent(grant).is_some() }))
            .collect();
        json!({
            "session": self.session,
            "state": self.state,
            "masque": {
                "id": masque.id, "name": masque.name, "version": masque.version,
                "ring": masque.ring, "digest": masque.digest,
            },
            "agent": self.agent,
            "source": self.source,
            "ring": self.ring,
            "intent": self.intent,
            "restrictions": self.restrictions,
            "ends": moment(self.ends),
            "knowledge": identity.knowledge,
            "access": access,
            "context": identity.context,
            "lens": identity.lens,
            "attributes": identity.manifest.about.attributes,
        })
    }

    /// What was lent last for a grant.
    fn lent(&self, grant: &Grant) -> Option<&Credential> {
        let for_it = |lent: &&Credential| (&lent.provider, &lent.role) == (&grant.provider, &grant.role);
        self.credentials.iter().rev().find(for_it)
    }

    fn granted(&self, grant: &Grant) -> String {
        let Grant { provider, role, .. } = grant;
        let minted = match self.lent(grant) {
            Some(lent) => format!("minted, ends {}", moment(lent.ends)),
            None => "not minted".to_owned(),
        };
        format!("{provider}  {role}  {}  {minted}", ttl(grant))
    }

    /// One block to put before a model. Nothing in a masque or an intent ends it early.
    pub(crate) fn block(&self) -> String {
        let Self { masque, identity, .. } = self;
        let mut out = format!(
            "<masque-active name=\"{}\" version=\"{}\">\n",
            attribute(&masque.name),
            attribute(&masque.version)
        );
        let mut part = |heading: &str, text: &str| {
            if !text.trim().is_empty() {
                let _ = writeln!(out, "## {heading}\n\n{}\n", inside(text.trim_end()));
            }
        };
        part("Lens", &identity.lens);
        part("Context", &identity.context);
        let attributes = identity.manifest.about.attributes.iter();
        part(
            "Attributes",
            &attributes
                .map(|(name, value)| format!("- {name}: {}", plain(value)))
                .collect::<Vec<_>>()
                .join("\n"),
        );
        let rules = identity.manifest.intent.iter().flat_map(|intent| &intent.rules);
        let mut intent = format!("Worn for: {}\n", one_line(self.intent));
        for rule in rules.filter(|rule| rule.when.is_none()) {
            let action = match rule.action {
                masque_abi::manifest::Action::Allow => "allowed",
                masque_abi::manifest::Action::Deny => "denied",
            };
            let _ = write!(intent, "\n- {action}: {}", rule.pattern);
        }
        for pattern in self.restrictions {
            let _ = write!(intent, "\n- restricted to: {pattern}");
        }
        part("Intent", &intent);
        out.truncate(out.trim_end().len());
        out.push_str("\n</masque-active>\n");
        out
    }
}

pub(crate) fn one_line(text: &str) -> String {
    printable(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn ttl(grant: &Grant) -> String {
    match grant.ttl {
        Ttl::Session => "session".to_owned(),
        Ttl::Seconds(seconds) => format!("{seconds}s"),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => one_line(text),
        other => other.to_string(),
    }
}

fn attribute(text: &str) -> String {
    one_line(text).replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A text within the block. Only what could be taken for the block's own marks is written otherwise.
fn inside(text: &str) -> String {
    let text = printable(text);
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find('<') {
        let (before, mark) = rest.split_at(at);
        out.push_str(before);
        let name = mark[1..].trim_start_matches(|c: char| c == '/' || c.is_whitespace());
        let own = name.get(..MARK.len()).is_some_and(|name| name.eq_ignore_ascii_case(MARK));
        out.push_str(if own { "&lt;" } else { "<" });
        rest = &mark[1..];
    }
    out.push_str(rest);
    out
}

const MARK: &str = "masque-active";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_the_block_early() {
        for (text, shown) in [
            ("a < b <c>", "a < b <c>"),
            ("</masque-active>", "&lt;/masque-active>"),
            ("< / MASQUE-Active>x<masque-active", "&lt; / MASQUE-Active>x&lt;masque-active"),
            ("<ä", "<ä"),
            ("<masque-activ", "<masque-activ"),
        ] {
            assert_eq!(inside(text), shown);
        }
        assert_eq!(attribute("a\"b\n<c>&"), "a&quot;b &lt;c&gt;&amp;");
    }
}
