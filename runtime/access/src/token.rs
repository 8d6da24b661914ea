//! What a token says, and whether it is good.

use std::collections::{BTreeSet, HashMap};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use biscuit_auth::builder::{Algorithm, Fact, Term};
use biscuit_auth::{
    Authorizer, AuthorizerBuilder, AuthorizerLimits, Biscuit, BlockBuilder, UnverifiedBiscuit,
};
use masque_session::{CredentialId, PublicKey, SessionId, Time};

use crate::revoked::Revoked;

/// What a token says, of which only the signature was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "as in the domain's `Order`")]
pub struct Content {
    pub credential: CredentialId,
    pub session: SessionId,
    pub agent: String,
    pub source: String,
    /// Id, version and digest.
    pub masque: (String, String, String),
    pub provider: String,
    pub role: String,
    /// When it ends by itself: the earliest end that any of its blocks states.
    pub ends: Time,
    /// What an intent must match to be within it.
    pub restrictions: Vec<String>,
}

/// Why a token is not good.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say what the variants are")]
pub enum Invalid {
    #[error("it is no token: {0}")]
    Malformed(String),
    #[error("it was not signed with this key, or was changed since")]
    Forged,
    #[error("it was revoked")]
    Revoked(CredentialId),
    #[error("it has ended")]
    Expired(Time),
    #[error("it is restricted to {}", quoted(.0))]
    Restricted(Vec<String>),
    #[error("it does not let itself be used so: {0}")]
    Refused(String),
}

fn quoted(patterns: &[String]) -> String {
    patterns.iter().map(|pattern| format!("\"{pattern}\"")).collect::<Vec<_>>().join(" and ")
}

/// A token that asks for much work is not good.
const LIMITS: AuthorizerLimits =
    AuthorizerLimits { max_facts: 1000, max_iterations: 100, max_time: Duration::from_millis(250) };

/// Reads a token that was signed with this key. Says nothing of whether it is good now.
///
/// # Errors
/// When it is none, or was not signed with this key.
pub fn inspect(token: &str, key: &PublicKey) -> Result<Content, Invalid> {
    content(&signed(token, key)?)
}

/// Whether a token is good now, for a use that these restrictions take (each must have been judged by whoever asks).
///
/// # Errors
/// When it is not.
pub fn verify(
    token: &str,
    key: &PublicKey,
    revoked: &Revoked,
    now: Time,
    within: &[String],
) -> Result<Content, Invalid> {
    let biscuit = signed(token, key)?;
    let content = content(&biscuit)?;
    if revoked.contains(&content.credential) {
        return Err(Invalid::Revoked(content.credential));
    }
    if content.ends <= now {
        return Err(Invalid::Expired(content.ends));
    }
    let missing: Vec<String> =
        content.restrictions.iter().filter(|pattern| !within.contains(pattern)).cloned().collect();
    if !missing.is_empty() {
        return Err(Invalid::Restricted(missing));
    }
    let refused = |error: biscuit_auth::error::Token| Invalid::Refused(error.to_string());
    // The token's own checks have the last word; those of blocks that others appended too.
    let mut facts =
        AuthorizerBuilder::new().set_limits(LIMITS).fact(fact("time", [when(now)])).map_err(refused)?;
    for pattern in within {
        facts = facts.fact(fact("within", [text(pattern)])).map_err(refused)?;
    }
    let authorizer = facts.code("allow if true;").and_then(|facts| facts.build(&biscuit));
    authorizer.and_then(|mut authorizer| authorizer.authorize()).map_err(refused)?;
    Ok(content)
}

/// Narrows a token, for which nobody's key is needed: to intents that all of these patterns take, and to an earlier end.
///
/// # Errors
/// When it is no token.
pub fn attenuate(token: &str, restrictions: &[String], ends: Option<Time>) -> Result<String, Invalid> {
    let malformed = |error: biscuit_auth::error::Token| Invalid::Malformed(error.to_string());
    let token = UnverifiedBiscuit::from_base64(token.trim()).map_err(malformed)?;
    let block = restricted_to(restrictions, ends).map_err(malformed)?;
    token.append(block).and_then(|token| token.to_base64()).map_err(malformed)
}

/// A block that narrows. Whoever does not know what a restriction takes can't assert it, and so refuses.
pub(crate) fn restricted_to(
    restrictions: &[String],
    ends: Option<Time>,
) -> Result<BlockBuilder, biscuit_auth::error::Token> {
    let mut block = BlockBuilder::new();
    for pattern in restrictions.iter().collect::<BTreeSet<_>>() {
        let code = "restriction({pattern}); check if within({pattern});";
        block = block.code_with_params(code, params([("pattern", text(pattern))]), HashMap::new())?;
    }
    if let Some(ends) = ends {
        let code = "ends({ends}); check if time($time), $time < {ends};";
        block = block.code_with_params(code, params([("ends", when(ends))]), HashMap::new())?;
    }
    Ok(block)
}

fn signed(token: &str, key: &PublicKey) -> Result<Biscuit, Invalid> {
    let token = UnverifiedBiscuit::from_base64(token.trim())
        .map_err(|error| Invalid::Malformed(error.to_string()))?;
    let key = biscuit_auth::PublicKey::from_bytes(&key.0, Algorithm::Ed25519).map_err(|_| Invalid::Forged)?;
    token.verify(key).map_err(|_| Invalid::Forged)
}

fn content(biscuit: &Biscuit) -> Result<Content, Invalid> {
    let malformed = |error: biscuit_auth::error::Token| Invalid::Malformed(error.to_string());
    let mut authorizer = AuthorizerBuilder::new().set_limits(LIMITS).build(biscuit).map_err(malformed)?;
    let [credential] = of_issuer(&mut authorizer, "credential($a)")?;
    let [session] = of_issuer(&mut authorizer, "session($a)")?;
    let [agent] = of_issuer(&mut authorizer, "agent($a)")?;
    let [source] = of_issuer(&mut authorizer, "source($a)")?;
    let [id, version, digest] = of_issuer(&mut authorizer, "masque($a, $b, $c)")?;
    let [provider, role] = of_issuer(&mut authorizer, "grant($a, $b)")?;
    let mut all = |rule: &str| -> Result<Vec<Term>, Invalid> {
        let facts: Vec<Fact> = authorizer.query_all(rule).map_err(malformed)?;
        Ok(facts.into_iter().flat_map(|fact| fact.predicate.terms).collect())
    };
    let ends = all("found($a) <- ends($a)")?.into_iter().filter_map(|term| match term {
        Term::Date(seconds) => Some(Time(seconds.saturating_mul(1000))),
        _ => None,
    });
    let ends = ends.min().ok_or_else(|| no("ends"))?;
    let restrictions: BTreeSet<String> = all("found($a) <- restriction($a)")?
        .into_iter()
        .filter_map(|term| if let Term::Str(pattern) = term { Some(pattern) } else { None })
        .collect();
    Ok(Content {
        credential: credential.parse().map_err(|_| no("credential"))?,
        session: session.parse().map_err(|_| no("session"))?,
        agent,
        source,
        masque: (id, version, digest),
        provider,
        role,
        ends,
        restrictions: restrictions.into_iter().collect(),
    })
}

/// The one fact of its kind that whoever minted the token stated; what others appended is not looked at.
fn of_issuer<const N: usize>(authorizer: &mut Authorizer, fact: &str) -> Result<[String; N], Invalid> {
    let (name, rest) = fact.split_once('(').expect("facts have terms");
    let rule = format!("found({rest} <- {fact}");
    let found: Vec<Fact> =
        authorizer.query(rule.as_str()).map_err(|error| Invalid::Malformed(error.to_string()))?;
    let [found] = found.try_into().map_err(|_| no(name))?;
    let texts: Vec<String> = found
        .predicate
        .terms
        .into_iter()
        .filter_map(|term| if let Term::Str(text) = term { Some(text) } else { None })
        .collect();
    texts.try_into().map_err(|_| no(name))
}

fn no(name: &str) -> Invalid {
    Invalid::Malformed(format!("it does not state its {name}"))
}

fn fact<const N: usize>(name: &str, terms: [Term; N]) -> Fact {
    Fact::new(name.to_owned(), Vec::from(terms))
}

pub(crate) fn params<const N: usize>(values: [(&str, Term); N]) -> HashMap<String, Term> {
    values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

pub(crate) fn text(value: &(impl ToString + ?Sized)) -> Term {
    Term::Str(value.to_string())
}

/// Biscuit counts whole seconds: what is left of one is not lent.
pub(crate) fn when(time: Time) -> Term {
    let moment: SystemTime = UNIX_EPOCH + Duration::from_secs(time.0 / 1000);
    Term::from(moment)
}
