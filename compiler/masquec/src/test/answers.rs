//! Where the answers to prompt tests come from: nowhere, a transcript, or an endpoint.

use std::path::PathBuf;
use std::time::Duration;

use clap::ValueEnum;
use miette::Diagnostic;

use super::endpoint::{Endpoint, EndpointError};
use super::transcript::{Transcript, TranscriptError};

/// As the command line has it.
#[derive(clap::Args)]
pub(crate) struct AnswerArguments {
    /// Take the answers to prompt tests from this file: JSON Lines or a JSON array of {masque, test, input, output}.
    #[arg(long, value_name = "FILE", conflicts_with = "endpoint")]
    transcript: Option<PathBuf>,
    /// Ask the model at this address, such as http://127.0.0.1:11434 or https://api.example.org/v1.
    #[arg(long, value_name = "URL", requires_all = ["api", "model"])]
    endpoint: Option<String>,
    /// What the endpoint speaks.
    #[arg(long, value_enum, requires = "endpoint")]
    api: Option<Api>,
    /// The model to ask for.
    #[arg(long, value_name = "NAME", requires = "endpoint")]
    model: Option<String>,
    /// The environment variable that holds the endpoint's key; none is sent if left out.
    #[arg(long, value_name = "VAR", requires = "endpoint")]
    api_key_env: Option<String>,
    /// How long to wait for an answer.
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: u64,
}

/// What an endpoint speaks.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Api {
    /// POST …/v1/chat/completions.
    Openai,
    /// POST …/v1/messages.
    Anthropic,
}

/// Where answers come from.
pub(crate) enum Answers {
    Nowhere,
    Transcript(Transcript),
    Endpoint(Endpoint),
}

/// What came of asking.
pub(crate) enum Heard {
    Answer(String),
    /// There is no answer, and nobody's fault; why.
    Nothing(String),
    /// Whoever was asked gives none; why.
    Failed(String),
}

/// Why there is nobody to ask.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum AnswersError {
    #[error(transparent)]
    #[diagnostic(transparent)]
    Transcript(#[from] TranscriptError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Endpoint(#[from] EndpointError),
}

impl Answers {
    pub(crate) fn new(arguments: &AnswerArguments) -> Result<Self, AnswersError> {
        if let Some(path) = &arguments.transcript {
            return Ok(Self::Transcript(Transcript::read(path)?));
        }
        let (Some(url), Some(api), Some(model)) = (&arguments.endpoint, arguments.api, &arguments.model)
        else {
            return Ok(Self::Nowhere);
        };
        let timeout = Duration::from_secs(arguments.timeout);
        Ok(Self::Endpoint(Endpoint::new(url, api, model, arguments.api_key_env.as_deref(), timeout)?))
    }
}
