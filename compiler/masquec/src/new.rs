//! `masquec new`: a source to start from, which compiles without a finding and whose tests hold.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use masque_syntax::ast::Notation;
use miette::Diagnostic;

use crate::compile;
use crate::emit;
use crate::library::Library;
use crate::output;

/// What is made, and where.
#[derive(Args)]
pub(crate) struct NewArguments {
    /// What people will call it: `"Night Gardener"`.
    name: String,
    /// The notation.
    #[arg(long, value_enum, default_value_t = NotationChoice::Masque)]
    format: NotationChoice,
    /// The masque to build on: `std/operator@1`.
    #[arg(long, value_name = "REFERENCE")]
    extends: Option<String>,
    /// The directory to write into.
    #[arg(short, long, value_name = "DIR", default_value = ".")]
    output: PathBuf,
    /// Write over a file that is there.
    #[arg(long)]
    force: bool,
}

/// A notation of sources.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum NotationChoice {
    /// The masque language, `.masque`.
    Masque,
    /// YAML, `.masque.yaml`.
    Yaml,
    /// A mask definition, `.mask.json`.
    Json,
}

impl NotationChoice {
    /// The notation, and how the names of its files end.
    pub(crate) fn notation_and_ending(self) -> (Notation, &'static str) {
        match self {
            Self::Masque => (Notation::Language, ".masque"),
            Self::Yaml => (Notation::Yaml, ".masque.yaml"),
            Self::Json => (Notation::Json, ".mask.json"),
        }
    }
}

/// Why nothing was made.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum NewError {
    #[error("`{name}` gives no id: it needs a letter or digit of a to z and 0 to 9")]
    #[diagnostic(help("name it with such letters; `display_name` may say it in others"))]
    NoId { name: String },
    #[error("`{}` is there already", path.display())]
    #[diagnostic(help("choose another name, or say `--force` to write over it"))]
    Exists { path: PathBuf },
    #[error("`{}` can't be written", path.display())]
    Write { path: PathBuf, source: std::io::Error },
    /// What would be written would not compile.
    #[error("`{reference}` can't be built on: {reason}")]
    #[diagnostic(help(
        "name a masque of the standard library (std/…), a file (./…), or one in the search path (`--path`)"
    ))]
    Parent { reference: String, reason: String },
}

/// Writes the file and says what to do next.
pub(crate) fn run(arguments: &NewArguments, library: &Library) -> Result<(), NewError> {
    let NewArguments { name, format, extends, output, force } = arguments;
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let id = slug(&name).ok_or_else(|| NewError::NoId { name: name.clone() })?;
    let (_, ending) = format.notation_and_ending();
    let text = match format {
        NotationChoice::Masque => language(&name, extends.as_deref()),
        NotationChoice::Yaml => yaml(&name, extends.as_deref()),
        NotationChoice::Json => json(&name, &id, extends.as_deref()),
    };
    let path = output.join(format!("{id}{ending}"));
    let compiled = compile::compile(path.display().to_string(), text.clone().into_bytes(), library);
    if let Some(found) = compiled.found.first() {
        let reference = extends.clone().unwrap_or_default();
        return Err(NewError::Parent { reference, reason: found.message.clone() });
    }
    if path.exists() && !force {
        return Err(NewError::Exists { path });
    }
    let failed = |source| NewError::Write { path: path.clone(), source };
    std::fs::create_dir_all(output).map_err(failed)?;
    emit::write(&path, text.as_bytes()).map_err(failed)?;
    let shown = path.display();
    output::tell(&format!(
        "wrote {shown}\n\n  masquec test {shown}\n  masque try {shown} --intent \"draft a plan\"\n"
    ));
    Ok(())
}

/// The name in lower case, words joined by hyphens.
fn slug(name: &str) -> Option<String> {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let slug = words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-");
    (!slug.is_empty()).then_some(slug)
}

fn language(name: &str, extends: Option<&str>) -> String {
    let title = masque_syntax::quoted(name);
    let (head, allow, ring) = match extends {
        Some(parent) => (format!(" extends {}", masque_syntax::quoted(parent)), "allow also", ""),
        None => (String::new(), "allow", "  ring player\n"),
    };
    format!(
        r#"# What this masque is for, in a sentence.
masque {title}{head} {{
  version 0.1.0
{ring}
  # Verbs stand for all their forms: "drafting a plan" is allowed as well.
  intent {{
    {allow} "draft *", "outline *"
    deny "publish *" because "publishing is somebody else's decision"
  }}

  context "Whom you help, and what they value."

  lens """
    How to think; what to put first; what to turn down.
  """

  # Proved of the compiled masque, for every intent.
  ensure never "publish *"

  test "drafts, does not publish" {{
    allow "draft a plan"
    deny "publish the plan" because "publishing is somebody else's decision"
    lens contains "How to think"
  }}
}}
"#
    )
}

fn yaml(name: &str, extends: Option<&str>) -> String {
    let title = masque_syntax::quoted(name);
    let (head, allow) = match extends {
        Some(parent) => (format!("extends: {}", masque_syntax::quoted(parent)), "also_allowed"),
        None => ("ring: player".to_owned(), "allowed"),
    };
    format!(
        r#"# What this masque is for, in a sentence.
name: {title}
version: "0.1.0"
{head}

# Verbs stand for all their forms: "drafting a plan" is allowed as well.
intent:
  {allow}: ["draft *", "outline *"]
  denied:
    - pattern: "publish *"
      because: publishing is somebody else's decision

context: Whom you help, and what they value.

lens: |
  How to think; what to put first; what to turn down.

# Proved of the compiled masque, for every intent.
ensure:
  - never: "publish *"

tests:
  - name: drafts, does not publish
    allowed: [draft a plan]
    denied: [{{ intent: publish the plan, because: publishing is somebody else's decision }}]
    lens: [{{ contains: How to think }}]
"#
    )
}

fn json(name: &str, id: &str, extends: Option<&str>) -> String {
    let title = masque_syntax::quoted(name);
    let (head, allow) = match extends {
        Some(parent) => (format!("\"extends\": {}", masque_syntax::quoted(parent)), "also_allowed"),
        None => ("\"ring\": \"player\"".to_owned(), "allowed"),
    };
    format!(
        r#"{{
  "id": "mask.{id}",
  "name": {title},
  "version": "0.1.0",
  {head},
  "domain": ["story"],
  "tone": ["supportive"],
  "skillset": ["outlining"],
  "intent": {{
    "{allow}": ["draft *", "outline *"],
    "denied": [{{ "pattern": "publish *", "because": "publishing is somebody else's decision" }}]
  }},
  "prompt": {{
    "persona": "Who you are, and how you think.",
    "constraints": ["Keep answers under five paragraphs"],
    "format": "markdown",
    "examples": [{{ "input": "A story about rain.", "output": "1. Clouds gather." }}]
  }},
  "tests": [
    {{
      "name": "drafts, does not publish",
      "allowed": ["draft a plan"],
      "denied": ["publish the plan"]
    }},
    {{
      "name": "answers with an outline",
      "input": "A story about rain.",
      "assertions": [{{ "contains": "1." }}, {{ "notContains": "As a language model" }}]
    }}
  ]
}}
"#
    )
}
