//! Texts of two masques, and the fields that only describe.

use masque_decode::{Component, Form, Program, Source, Step, Template, Text};

use super::TextChange;

/// Texts that differ, and the names of the other describing fields that do.
pub(super) fn compare(old: &Component, new: &Component) -> (Vec<TextChange>, Vec<&'static str>) {
    let rubric = |component: &Component| component.manifest.about.rubric.clone().unwrap_or_default();
    let lens = |component: &Component| written(component, &component.program.lens);
    let context = |component: &Component| written(component, &component.program.context);
    let pairs = [
        ("lens", lens(old), lens(new)),
        ("context", context(old), context(new)),
        ("rubric", rubric(old), rubric(new)),
    ];
    let texts = pairs.into_iter().filter(|(_, before, after)| before != after);
    let texts = texts.map(|(field, before, after)| TextChange { field, before, after }).collect();
    (texts, described(old, new))
}

fn described(old: &Component, new: &Component) -> Vec<&'static str> {
    let (was, is) = (&old.manifest.about, &new.manifest.about);
    let (before, after) = (&old.manifest.identity, &new.manifest.identity);
    let inherited = |component: &Component| {
        let of = |file: &masque_abi::manifest::Inherited| (file.reference.clone(), file.version.clone());
        component.manifest.inherited.iter().map(of).collect::<Vec<_>>()
    };
    let fields = [
        ("name", before.name == after.name),
        ("display_name", before.display_name == after.display_name),
        ("index", before.index == after.index),
        ("version", before.version == after.version),
        ("inherited", inherited(old) == inherited(new)),
        ("attributes", was.attributes == is.attributes),
        ("skills", was.skills == is.skills),
        ("performance", was.performance == is.performance),
        ("spinner_verbs", was.spinner_verbs == is.spinner_verbs),
        ("domain", was.domain == is.domain),
        ("tone", was.tone == is.tone),
        ("skillset", was.skillset == is.skillset),
        ("format", was.format == is.format),
        ("examples", was.examples == is.examples),
        ("prompt_schema_version", was.prompt_schema_version == is.prompt_schema_version),
        ("default_llm", was.default_llm == is.default_llm),
        ("max_context_tokens", was.max_context_tokens == is.max_context_tokens),
        ("safety_tags", was.safety_tags == is.safety_tags),
        ("changelog", was.changelog == is.changelog),
    ];
    fields.into_iter().filter(|(_, same)| !same).map(|(name, _)| name).collect()
}

/// A template in the language's notation.
fn written(component: &Component, template: &Template) -> String {
    let mut text = String::new();
    write(component, &template.steps, 0..template.steps.len(), &mut text);
    text
}

fn write(component: &Component, steps: &[Step], range: std::ops::Range<usize>, out: &mut String) {
    let mut at = range.start;
    while at < range.end {
        at = match &steps[at] {
            Step::Show(text) => {
                out.push_str(&shown(&component.program, text));
                at + 1
            }
            Step::Unless { condition, to } => {
                let name = component.manifest.conditions.get(*condition);
                out.push_str(&format!("{{if {}}}", name.map_or("?", String::as_str)));
                // A branch that does not hold follows where the first one ends with a jump over it.
                let end = match to.checked_sub(1).and_then(|last| steps.get(last)) {
                    Some(Step::Jump(end)) if to - 1 > at => {
                        write(component, steps, at + 1..to - 1, out);
                        out.push_str("{else}");
                        write(component, steps, *to..*end, out);
                        *end
                    }
                    _ => {
                        write(component, steps, at + 1..*to, out);
                        *to
                    }
                };
                out.push_str("{end}");
                end
            }
            Step::Jump(to) => *to,
        };
    }
}

fn shown(program: &Program, text: &Text) -> String {
    let (source, form) = match text {
        Text::Constant(text) => return text.to_string(),
        Text::Session { source, form } => (source, form),
    };
    let name = match source {
        Source::Intent => "session.intent",
        Source::Agent => "session.agent",
        Source::Ring => "session.ring",
        Source::Param(at) => &program.logic.params[*at].name,
    };
    match form {
        Form::AsIs => format!("{{{name}}}"),
        Form::Lower => format!("{{lower({name})}}"),
        Form::Upper => format!("{{upper({name})}}"),
        Form::Trim => format!("{{trim({name})}}"),
    }
}
