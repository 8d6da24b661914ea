//! Answers that were recorded: JSON Lines, or a JSON array, of `{"masque", "test", "input", "output"}`.

use std::path::{Path, PathBuf};

use masque_ir::{Identity, PromptTest};
use miette::Diagnostic;

use super::answers::Heard;
use crate::files::{self, ReadError};

/// The largest transcript that is read, in bytes.
const LIMIT: usize = 64 << 20;

/// Recorded answers, oldest first.
#[derive(Debug)]
pub(crate) struct Transcript {
    entries: Vec<Entry>,
}

/// One answer. It belongs to the test that it names, or to the input that it answers; whatever else is recorded is left alone.
#[derive(Debug, serde::Deserialize)]
struct Entry {
    /// The id or the name of a masque.
    masque: Option<String>,
    /// The name of a test.
    test: Option<String>,
    /// What was asked.
    input: Option<String>,
    /// What was answered.
    output: String,
}

/// Why a transcript can't be used.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum TranscriptError {
    #[error(transparent)]
    #[diagnostic(transparent)]
    Read(#[from] ReadError),
    #[error("`{}` has more than {} MiB", path.display(), LIMIT >> 20)]
    #[diagnostic(help("split it, and test the masques of each part alone"))]
    TooLarge { path: PathBuf },
    #[error("line {line} of the transcript `{}` can't be used: {reason}", path.display())]
    #[diagnostic(help(
        "each line, or each item of one array, is {{\"masque\": …, \"test\": …, \"input\": …, \"output\": …}}"
    ))]
    Malformed { path: PathBuf, line: usize, reason: String },
}

impl Transcript {
    pub(crate) fn read(path: &Path) -> Result<Self, TranscriptError> {
        let bytes = files::read(path, LIMIT)?;
        if bytes.len() > LIMIT {
            return Err(TranscriptError::TooLarge { path: path.to_owned() });
        }
        Self::parse(&bytes).map_err(|(line, reason)| TranscriptError::Malformed {
            path: path.to_owned(),
            line,
            reason,
        })
    }

    fn parse(bytes: &[u8]) -> Result<Self, (usize, String)> {
        if bytes.trim_ascii_start().starts_with(b"[") {
            let entries = serde_json::from_slice(bytes).map_err(|error| (error.line(), error.to_string()))?;
            return Ok(Self { entries });
        }
        let lines = bytes.split(|byte| *byte == b'\n').zip(1..);
        let entries = lines
            .filter(|(line, _)| !line.trim_ascii().is_empty())
            .map(|(line, number)| serde_json::from_slice(line).map_err(|error| (number, error.to_string())));
        Ok(Self { entries: entries.collect::<Result<_, _>>()? })
    }

    /// The latest answer that names the test, else the latest to its input.
    pub(crate) fn answer(&self, masque: &Identity, test: &PromptTest) -> Heard {
        let is_masque = |entry: &&Entry| {
            entry.masque.as_ref().is_none_or(|name| *name == masque.id || *name == masque.name)
        };
        let of_masque = || self.entries.iter().rev().filter(is_masque);
        let is_named =
            |entry: &&Entry| entry.masque.is_some() && entry.test.is_some() && entry.test == test.name;
        let same_input = |entry: &&Entry| entry.input.as_ref() == Some(&test.input);
        let found = (of_masque().filter(is_named).find(|entry| entry.input.is_none() || same_input(entry)))
            .or_else(|| of_masque().find(same_input));
        match found {
            Some(entry) => Heard::Answer(entry.output.clone()),
            // An answer to what used to be asked says nothing of what is asked now.
            None if of_masque().any(|entry| is_named(&entry)) => {
                Heard::Nothing("the transcript's answer is to another input".to_owned())
            }
            None => Heard::Nothing("the transcript has no answer to it".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity() -> Identity {
        Identity {
            id: "mask.poet".to_owned(),
            name: "Poet".to_owned(),
            display_name: None,
            index: None,
            version: masque_ir::Version::new(1, 0, 0),
            ring: masque_ir::Ring::Player,
        }
    }

    fn answer(transcript: &str) -> Result<String, String> {
        let place = masque_ir::Place { file: 0, line: 1, column: 1, start: 0, end: 0 };
        let (name, input) = (Some("form".to_owned()), "A haiku.".to_owned());
        let test = PromptTest { name, input, assertions: Vec::new(), place };
        let transcript = Transcript::parse(transcript.as_bytes()).expect("it can be read");
        match transcript.answer(&identity(), &test) {
            Heard::Answer(text) => Ok(text),
            Heard::Nothing(reason) | Heard::Failed(reason) => Err(reason),
        }
    }

    #[test]
    fn an_answer_is_found_by_its_test_or_its_input() {
        let cases = [
            (r#"{"masque":"Poet","test":"form","output":"by name"}"#, Ok("by name")),
            (r#"{"masque":"mask.poet","test":"form","output":"by id"}"#, Ok("by id")),
            (r#"[{"input":"A haiku.","output":"by input"}]"#, Ok("by input")),
            (
                "{\"masque\":\"Poet\",\"test\":\"form\",\"output\":\"old\"}\n\n{\"masque\":\"Poet\",\"test\":\"form\",\"output\":\"new\"}",
                Ok("new"),
            ),
            (
                "{\"masque\":\"Poet\",\"test\":\"form\",\"output\":\"named\"}\n{\"input\":\"A haiku.\",\"output\":\"input\"}",
                Ok("named"),
            ),
            (
                r#"{"masque":"Poet","test":"form","input":"A sonnet.","output":"x"}"#,
                Err("the transcript's answer is to another input"),
            ),
            (
                r#"{"masque":"Critic","test":"form","input":"A haiku.","output":"x"}"#,
                Err("the transcript has no answer to it"),
            ),
            ("", Err("the transcript has no answer to it")),
        ];
        for (transcript, expected) in cases {
            let found = answer(transcript);
            assert_eq!(found.as_deref().map_err(String::as_str), expected, "{transcript}");
        }
    }

    #[test]
    fn what_is_no_transcript_is_refused_with_its_line() {
        for (text, line) in
            [("{\"output\":\"a\"}\nno", 2), ("{\"input\":\"a\"}", 1), ("[{\"output\":\"a\"},\n3]", 2)]
        {
            let refused = Transcript::parse(text.as_bytes()).map(|_| ()).map_err(|(line, _)| line);
            assert_eq!(refused, Err(line), "{text}");
        }
    }
}
