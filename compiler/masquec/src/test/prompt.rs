//! Prompt tests: what a model that wears the masque answers, from wherever answers come.

use masque_host::{CallError, Masque, abi};
use masque_ir::{self as ir, PromptTest};

use super::answers::{Answers, Heard};
use super::outcome::{About, Failure, Outcome};
use super::session;

/// Holds the answer against the assertions. A test without an answer is skipped, never passed.
pub(crate) fn outcome(masque: &ir::Masque, loaded: &Masque, test: &PromptTest, answers: &Answers) -> Outcome {
    let heard = match answers {
        Answers::Nowhere => {
            return Outcome::Skipped("a prompt test needs `--transcript` or `--endpoint`".to_owned());
        }
        Answers::Transcript(transcript) => transcript.answer(&masque.identity, test),
        Answers::Endpoint(endpoint) => match system(masque, loaded) {
            Ok(system) => endpoint.ask(&system, &test.input),
            Err(error) => Heard::Failed(error.to_string()),
        },
    };
    match heard {
        Heard::Answer(text) => {
            Outcome::of(session::unmet(About::Answer, &text, &test.assertions, test.place).collect())
        }
        Heard::Nothing(reason) => Outcome::Skipped(reason),
        Heard::Failed(reason) => Outcome::of(vec![Failure::without_answer(test.place, reason)]),
    }
}

/// What a model is told before the input: the lens, then the context, as the compiled masque gives them to an agent of its own ring.
fn system(masque: &ir::Masque, loaded: &Masque) -> Result<String, CallError> {
    let session = abi::Session {
        intent: String::new(),
        ring: session::ring(masque.identity.ring),
        agent: String::new(),
        params: Vec::new(),
    };
    let mut worn = loaded.session(session)?;
    let (lens, context) = (worn.lens()?, worn.context()?);
    let parts = [lens.trim(), context.trim()];
    Ok(parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n"))
}
