//! A chain of files to one masque: what a child takes from its parent, what it adds, and what it may not have more of.

use crate::intent::Placed;
use crate::part::{IntentPart, Part, Position};
use crate::problems;
use masque_diagnostics::{Diagnostics, Span, Spanned};
use masque_ir as ir;
use masque_syntax::ast::{self, Field};

/// What the files from the farthest ancestor down to some file come to.
#[derive(Default)]
pub(crate) struct Composed {
    /// Of the nearest file alone.
    pub(crate) own: Own,
    pub(crate) ring: Option<Spanned<ir::Ring>>,
    pub(crate) intent: Option<Rules>,
    pub(crate) context: Option<ir::Template>,
    pub(crate) lens: Option<ir::Template>,
    pub(crate) knowledge: Vec<ir::Guarded<String>>,
    pub(crate) access: Option<Vec<Spanned<ir::Guarded<ir::Grant>>>>,
    pub(crate) about: ir::About,
    pub(crate) ensures: Vec<ir::Ensure>,
    pub(crate) widened: Vec<ir::Widened>,
}

/// What is never inherited.
#[derive(Default)]
pub(crate) struct Own {
    pub(crate) id: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) display_name: Option<String>,
    pub(crate) index: Option<u64>,
    pub(crate) version: Option<ir::Version>,
    pub(crate) tests: Vec<ir::Expectation>,
}

/// The rules so far.
pub(crate) struct Rules {
    pub(crate) clauses: ir::Clauses,
    pub(crate) allowed: Vec<Placed>,
    pub(crate) denied: Vec<Placed>,
}

impl Composed {
    /// What a child may lean on.
    pub(crate) fn position(&self) -> Position {
        Position::Child {
            ring: self.ring.as_ref().map(|ring| ring.value),
            attributes: self.about.attributes.clone(),
            has_intent: self.intent.is_some(),
            has_allow: self.intent.as_ref().is_some_and(|rules| !rules.allowed.is_empty()),
        }
    }

    /// The masque that `part` makes of its parent, which is `self`; an empty one where the file has no parent.
    pub(crate) fn with(
        self,
        part: Part,
        masque: &ast::Masque,
        has_parent: bool,
        found: &mut Diagnostics,
    ) -> Self {
        let widens =
            |what| masque.widen.get().is_some_and(|widen| widen.value.iter().any(|one| one.value == what));
        let mut widened = self.widened;
        let mut wider = Vec::new();
        let ring = ring(self.ring, part.ring, widens(ast::Widen::Ring), &mut wider, found);
        let access = access(self.access, part.access, widens(ast::Widen::Access), &mut wider, found);
        for widen in masque.widen.get().into_iter().flat_map(|widen| &widen.value) {
            let (kind, what) = match widen.value {
                ast::Widen::Ring => (ir::Widened::Ring, "`ring`"),
                ast::Widen::Access => (ir::Widened::Access, "`access`"),
            };
            if !wider.contains(&kind) {
                found.push(problems::widens_nothing(what, widen.span));
            } else if !widened.contains(&kind) {
                widened.push(kind);
            }
        }
        if !has_parent
            && let Some(Field::Given(also)) = masque.intent.get().map(|intent| &intent.value.also_allowed)
        {
            found.push(problems::also_without_parent(also.span));
        }
        let mut knowledge = self.knowledge;
        for pointer in part.knowledge {
            if !knowledge.contains(&pointer) {
                knowledge.push(pointer);
            }
        }
        let mut ensures = self.ensures;
        ensures.extend(part.ensures);
        Self {
            own: Own {
                id: part.id,
                name: part.name,
                display_name: part.display_name,
                index: part.index,
                version: part.version.map(|version| version.value),
                tests: part.tests,
            },
            ring,
            intent: rules(self.intent, part.intent),
            context: prose(self.context, part.context),
            lens: prose(self.lens, part.lens),
            knowledge,
            access,
            about: about(self.about, part.about),
            ensures,
            widened,
        }
    }
}

fn ring(
    parent: Option<Spanned<ir::Ring>>,
    own: Option<Spanned<ir::Ring>>,
    may_widen: bool,
    wider: &mut Vec<ir::Widened>,
    found: &mut Diagnostics,
) -> Option<Spanned<ir::Ring>> {
    let (Some(above), Some(below)) = (&parent, &own) else { return own.or(parent) };
    if below.value < above.value {
        wider.push(ir::Widened::Ring);
        if !may_widen {
            found.push(problems::wider_ring(below.value.name(), above.value.name(), below.span, above.span));
        }
    }
    own
}

type Grants = Vec<Spanned<ir::Guarded<ir::Grant>>>;

fn access(
    parent: Option<Grants>,
    own: Option<Grants>,
    may_widen: bool,
    wider: &mut Vec<ir::Widened>,
    found: &mut Diagnostics,
) -> Option<Grants> {
    let Some(own) = own else { return parent };
    // A parent that says nothing about access leaves it to its children; an empty block leaves them none.
    for grant in parent.iter().flat_map(|_| &own) {
        let Err((why, place)) = is_within(&grant.value, parent.as_deref().unwrap_or_default()) else {
            continue;
        };
        wider.push(ir::Widened::Access);
        if !may_widen {
            found.push(problems::wider_access(&grant.value.value.role, why, grant.span, place));
        }
    }
    Some(own)
}

/// Whether a grant is one of the parent's, or less: of the same role, no longer, and where the parent has it.
fn is_within(
    grant: &ir::Guarded<ir::Grant>,
    parents: &[Spanned<ir::Guarded<ir::Grant>>],
) -> Result<(), (&'static str, Option<Span>)> {
    let same = |parent: &&Spanned<ir::Guarded<ir::Grant>>| {
        (&parent.value.value.provider, &parent.value.value.role) == (&grant.value.provider, &grant.value.role)
    };
    let mut why = ("the parent does not have this role", None);
    for parent in parents.iter().filter(same) {
        let shorter = match (grant.value.ttl, parent.value.value.ttl) {
            (_, ir::Ttl::Session) => true,
            (ir::Ttl::Seconds(own), ir::Ttl::Seconds(parents)) => own <= parents,
            (ir::Ttl::Session, ir::Ttl::Seconds(_)) => false,
        };
        let guarded = parent.value.when.is_none() || parent.value.when == grant.when;
        match (shorter, guarded) {
            (true, true) => return Ok(()),
            (false, _) => why = ("longer than the parent has it", Some(parent.span)),
            (true, false) => why = ("under another condition than the parent has it", Some(parent.span)),
        }
    }
    Err(why)
}

fn rules(parent: Option<Rules>, own: Option<IntentPart>) -> Option<Rules> {
    let Some(own) = own else { return parent };
    let parent =
        parent.unwrap_or(Rules { clauses: ir::Clauses::Whole, allowed: Vec::new(), denied: Vec::new() });
    let mut allowed = own.allowed.unwrap_or(parent.allowed);
    allowed.extend(own.also_allowed);
    let mut denied = parent.denied;
    denied.extend(own.denied);
    let clauses = match (parent.clauses, own.clauses) {
        (ir::Clauses::Whole, ir::Clauses::Whole) => ir::Clauses::Whole,
        _ => ir::Clauses::Each,
    };
    Some(Rules { clauses, allowed, denied })
}

/// The ancestor's text, an empty line, the file's own.
fn prose(parent: Option<ir::Template>, own: Option<ir::Template>) -> Option<ir::Template> {
    let (Some(mut whole), Some(own)) = (parent.clone(), own.clone()) else { return own.or(parent) };
    if whole.pieces.is_empty() || own.pieces.is_empty() {
        return Some(if whole.pieces.is_empty() { own } else { whole });
    }
    let between = match whole.pieces.last() {
        Some(ir::Piece::Constant(text)) if text.ends_with("\n\n") => "",
        Some(ir::Piece::Constant(text)) if text.ends_with('\n') => "\n",
        // A branch of a block ends with its line's break.
        Some(ir::Piece::If { .. }) => "\n",
        _ => "\n\n",
    };
    for piece in std::iter::once(ir::Piece::Constant(between.to_owned())).chain(own.pieces) {
        match (whole.pieces.last_mut(), piece) {
            (_, ir::Piece::Constant(text)) if text.is_empty() => {}
            (Some(ir::Piece::Constant(before)), ir::Piece::Constant(text)) => before.push_str(&text),
            (_, piece) => whole.pieces.push(piece),
        }
    }
    Some(whole)
}

fn about(parent: ir::About, own: ir::About) -> ir::About {
    let or = |own: Vec<String>, parent: Vec<String>| if own.is_empty() { parent } else { own };
    let mut attributes = parent.attributes;
    for (key, value) in own.attributes {
        match attributes.iter_mut().find(|(known, _)| *known == key) {
            Some((_, known)) => *known = value,
            None => attributes.push((key, value)),
        }
    }
    let mut skills = parent.skills;
    for skill in own.skills {
        match skills.iter_mut().find(|known| known.uri == skill.uri) {
            Some(known) => *known = skill,
            None => skills.push(skill),
        }
    }
    let mut mcp_servers = parent.mcp_servers;
    for server in own.mcp_servers {
        match mcp_servers.iter_mut().find(|known| known.name == server.name) {
            Some(known) => *known = server,
            None => mcp_servers.push(server),
        }
    }
    let mut safety_tags = parent.safety_tags;
    for tag in own.safety_tags {
        if !safety_tags.contains(&tag) {
            safety_tags.push(tag);
        }
    }
    ir::About {
        attributes,
        skills,
        performance: own.performance,
        mcp_servers,
        spinner_verbs: own.spinner_verbs.or(parent.spinner_verbs),
        rubric: own.rubric.or(parent.rubric),
        domain: or(own.domain, parent.domain),
        tone: or(own.tone, parent.tone),
        skillset: or(own.skillset, parent.skillset),
        format: own.format.or(parent.format),
        examples: if own.examples.is_empty() { parent.examples } else { own.examples },
        prompt_schema_version: own.prompt_schema_version.or(parent.prompt_schema_version),
        default_llm: own.default_llm.or(parent.default_llm),
        max_context_tokens: own.max_context_tokens.or(parent.max_context_tokens),
        safety_tags,
        changelog: own.changelog,
    }
}
