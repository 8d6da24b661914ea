//! The parts of a blend: where each comes from, and how much it weighs.

use std::path::Path;

use masque_diagnostics::{Diagnostic, Severity, SourceId, Sources, Span};
use masque_ir as ir;
use masque_syntax::ast::Document;

use super::BlendError;
use crate::compile;
use crate::examine;
use crate::library::{self, Library};

/// How far from 1 the weights may add up.
const ROUNDING: f64 = 0.0101;

/// `REFERENCE@WEIGHT`, taken apart.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Asked {
    /// A file or a reference.
    pub(super) what: String,
    /// More than 0, at most 1.
    pub(super) weight: f64,
}

/// A part that was read and checked.
pub(super) struct Part {
    pub(super) masque: ir::Masque,
    /// Of the whole, in percent; those of all parts add up to 100.
    pub(super) share: u32,
    /// Its files, nearest first.
    files: Vec<SourceId>,
}

impl Asked {
    /// Reads an argument.
    pub(super) fn parse(written: &str) -> Result<Self, String> {
        let (what, weight) =
            written.rsplit_once('@').ok_or("it has no weight: write `FILE@0.7`, or `std/operator@1@0.7`")?;
        let weight: f64 =
            weight.parse().map_err(|_| format!("`{weight}` is no number; weights are such as `0.7`"))?;
        if !(weight > 0.0 && weight <= 1.0) {
            return Err(format!("{weight} is no weight: weights are more than 0 and at most 1"));
        }
        match what {
            "" => Err("it names no file".to_owned()),
            what => Ok(Self { what: what.to_owned(), weight }),
        }
    }
}

/// Reads and checks every part, the heaviest first. `Err` in the inner result is what is wrong with sources, all of it.
pub(super) fn read(
    asked: &[Asked],
    sources: &mut Sources,
    library: &Library,
) -> Result<Result<Vec<Part>, Vec<Diagnostic>>, BlendError> {
    let total: f64 = asked.iter().map(|part| part.weight).sum();
    if (total - 1.0).abs() > ROUNDING {
        let each = asked.iter().map(|part| format!("{}@{:.2}", part.what, part.weight / total));
        return Err(BlendError::Weights {
            total: format!("{:.2}", total),
            instead: each.collect::<Vec<_>>().join(" "),
        });
    }
    let mut order: Vec<(&Asked, u32)> = asked.iter().zip(shares(asked, total)).collect();
    order.sort_by(|(one, _), (other, _)| other.weight.total_cmp(&one.weight));
    let (mut parts, mut wrong): (Vec<Part>, Vec<Diagnostic>) = (Vec::new(), Vec::new());
    for (asked, share) in order {
        let id = find(&asked.what, sources, library)?;
        let mut analysed = compile::analyse(sources, id, library);
        // A claim that can't be proved of a part is no promise to keep.
        let is_sound = compile::generate(&mut analysed).is_some();
        if matches!(analysed.document, Some(Document::Library(_))) {
            return Err(BlendError::Library { what: asked.what.clone() });
        }
        match analysed.masque.filter(|_| is_sound) {
            Some(masque) if parts.iter().any(|known| known.is_from(id, sources)) => {
                return Err(BlendError::Twice { name: masque.identity.name });
            }
            Some(masque) => parts.push(Part { masque, share, files: analysed.files }),
            None => {
                let errors = analysed.diagnostics.into_sorted().into_iter();
                wrong.extend(errors.filter(|found| found.severity == Severity::Error));
            }
        }
    }
    Ok(if wrong.is_empty() { Ok(parts) } else { Err(wrong) })
}

/// Whole percents that add up to 100: what is left over goes to those that lost most by rounding down.
fn shares(asked: &[Asked], total: f64) -> Vec<u32> {
    let exact: Vec<f64> = asked.iter().map(|part| part.weight / total * 100.0).collect();
    let mut shares: Vec<u32> = exact.iter().map(|share| *share as u32).collect();
    let mut order: Vec<usize> = (0..exact.len()).collect();
    order.sort_by(|&one, &other| exact[other].fract().total_cmp(&exact[one].fract()));
    let missing = 100_u32.saturating_sub(shares.iter().sum()) as usize;
    for &at in order.iter().cycle().take(missing) {
        shares[at] += 1;
    }
    shares
}

/// The source that an argument names: a file, else what a masque that extends it would find.
fn find(what: &str, sources: &mut Sources, library: &Library) -> Result<SourceId, BlendError> {
    let path = Path::new(what);
    if path.exists() || compile::is_source(path) {
        let bytes = examine::read(path)?;
        let text = String::from_utf8(bytes).map_err(|_| BlendError::Missing {
            what: what.to_owned(),
            reason: "it is not UTF-8 text".to_owned(),
        })?;
        return Ok(sources.add(what, text));
    }
    let asking = format!("masque Asking extends {} {{ version 1.0.0 }}\n", masque_syntax::quoted(what));
    let id = sources.add("", asking);
    let analysed = compile::analyse(sources, id, library);
    match analysed.files.get(1) {
        Some(found) => Ok(*found),
        None => {
            let reason =
                analysed.diagnostics.iter().next().map_or(String::new(), |found| found.message.clone());
            Err(BlendError::Missing { what: what.to_owned(), reason })
        }
    }
}

impl Part {
    fn is_from(&self, id: SourceId, sources: &Sources) -> bool {
        let identity = |id| library::identity(Path::new(sources.get(id).name()));
        identity(self.files[0]) == identity(id)
    }

    pub(super) fn name(&self) -> &str {
        &self.masque.identity.name
    }

    /// Its tones, each where it is written: in the file itself, else in the nearest ancestor that has any.
    pub(super) fn tones(&self, sources: &Sources) -> Vec<(String, Span)> {
        let tones = self.files.iter().find_map(|id| {
            let source = sources.get(*id);
            let parsed = masque_syntax::parse(*id, source.name(), source.text());
            let tone = parsed.masque()?.about.tone.get().cloned()?;
            (!tone.value.is_empty()).then_some(tone.value)
        });
        tones.into_iter().flatten().map(|tone| (tone.value, tone.span)).collect()
    }
}
