//! What only several files show: two masques that claim one index, or one id at one version.

use crate::version::{self, Reading};
use crate::{identity, problems};
use masque_diagnostics::{Diagnostics, Source, Span, Spanned};
use masque_syntax::ast;
use semver::Version;
use std::collections::HashMap;

/// Reports every masque that claims what an earlier one has claimed, with both places. The order of `masques` is the order of
/// precedence: for the same findings on every run, give them in the order of their sources.
pub fn check_together<'a>(masques: impl IntoIterator<Item = (&'a Source, &'a ast::Masque)>) -> Diagnostics {
    let mut found = Diagnostics::new();
    let mut indices: HashMap<u64, Span> = HashMap::new();
    let mut references: HashMap<(String, Version), Span> = HashMap::new();
    for (source, masque) in masques {
        let claims = claims(source, masque);
        if let Some(index) = claims.index {
            let first = *indices.entry(index.value).or_insert(index.span);
            if first != index.span {
                found.push(problems::duplicate_index(index.value, index.span, first));
            }
        }
        if let Some(Spanned { value: (id, version), span }) = claims.reference {
            let written = version.to_string();
            let first = *references.entry((id.clone(), version)).or_insert(span);
            if first != span {
                found.push(problems::duplicate_masque(&id, &written, span, first));
            }
        }
    }
    found
}

/// What one file claims for itself alone.
struct Claims {
    /// The number in a registry.
    index: Option<Spanned<u64>>,
    /// Id and version, at the place of the id or of the name that it is made from.
    reference: Option<Spanned<(String, Version)>>,
}

/// What a masque claims. Fields that checking refuses claim nothing.
fn claims(source: &Source, masque: &ast::Masque) -> Claims {
    let identity = &masque.identity;
    let id = match (&identity.id, &identity.name) {
        (ast::Field::Given(id), _) => Some(id.clone()),
        (ast::Field::Absent, ast::Field::Given(name)) => {
            identity::slug(&name.value).map(|slug| Spanned::new(slug, name.span))
        }
        (ast::Field::Absent, ast::Field::Absent) => {
            let name = identity::name_of_file(source.name());
            name.and_then(|name| identity::slug(&name)).map(|slug| {
                let at = masque.insert_at;
                Spanned::new(slug, Span::at(at.source, at.range().start))
            })
        }
        (ast::Field::Error(_), _) | (_, ast::Field::Error(_)) => None,
    };
    let version = identity.version.get().and_then(|version| match version::read(&version.value) {
        Reading::Full(version) | Reading::Short(version) => Some(version),
        Reading::Invalid(_) => None,
    });
    let reference = id.zip(version).map(|(id, version)| Spanned::new((id.value, version), id.span));
    Claims { index: identity.index.get().cloned(), reference }
}
