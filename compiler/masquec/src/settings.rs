//! How much findings weigh: what the command line says, and `masque.toml` in a source's directory or above.
//!
//! ```toml
//! [lints]
//! missing-ring = "deny"
//! M0306 = "allow"
//! ```

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use clap::Args;
use masque_diagnostics::codes::settings as codes;
use masque_diagnostics::{Diagnostic, Level, Levels, Selector, Sources, Span, nearest, unknown_code};
use serde::Deserialize;
use toml::Spanned;

use crate::files;

/// The name of a project's file.
pub(crate) const PROJECT_FILE: &str = "masque.toml";

/// The largest project file that is read, in bytes.
const MOST: usize = 1 << 20;

/// What the command line says of warnings. One code stands before `all`.
#[derive(Args, Default)]
pub(crate) struct LintArguments {
    /// Make the warnings of a code errors: `M0209`, `missing-ring` or `all`.
    #[arg(long, value_name = "CODE", value_parser = selector)]
    deny: Vec<Selector>,
    /// Show the warnings of a code, whatever the project says.
    #[arg(long, value_name = "CODE", value_parser = selector)]
    warn: Vec<Selector>,
    /// Do not show the warnings of a code.
    #[arg(long, value_name = "CODE", value_parser = selector)]
    allow: Vec<Selector>,
}

fn selector(text: &str) -> Result<Selector, String> {
    Selector::find(text).ok_or_else(|| "no finding has this code; `masquec explain` lists all".to_owned())
}

/// Decides what findings weigh.
#[derive(Default)]
pub(crate) struct Settings {
    flags: Levels,
    /// By directory; `None` where neither it nor one above it has a project file.
    projects: Mutex<BTreeMap<PathBuf, Option<Arc<Project>>>>,
}

/// One project file.
struct Project {
    levels: Levels,
    sources: Sources,
    found: Vec<Diagnostic>,
}

impl Settings {
    pub(crate) fn new(arguments: &LintArguments) -> Self {
        let mut flags = Levels::new();
        let LintArguments { deny, warn, allow } = arguments;
        for (selectors, level) in [(allow, Level::Allow), (warn, Level::Warn), (deny, Level::Deny)] {
            for selector in selectors {
                flags.set(*selector, level);
            }
        }
        Self { flags, projects: Mutex::default() }
    }

    /// Gives the findings about a source their weight.
    pub(crate) fn apply(&self, path: &Path, found: &mut Vec<Diagnostic>) {
        let directory = path.parent().unwrap_or(Path::new(""));
        match self.project(directory) {
            Some(project) => project.levels.then(&self.flags).apply(found),
            None => self.flags.apply(found),
        }
    }

    /// What is wrong with the project files that were looked at, each with its text.
    pub(crate) fn problems(&self) -> Vec<(Sources, Vec<Diagnostic>)> {
        let projects = self.projects.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found: Vec<&Arc<Project>> = Vec::new();
        for project in projects.values().flatten().filter(|project| !project.found.is_empty()) {
            if !found.iter().any(|known| Arc::ptr_eq(known, project)) {
                found.push(project);
            }
        }
        found.into_iter().map(|project| (project.sources.clone(), project.found.clone())).collect()
    }

    fn project(&self, directory: &Path) -> Option<Arc<Project>> {
        let mut projects = self.projects.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = projects.get(directory) {
            return known.clone();
        }
        // A relative path ends where the process is, but the project may begin above.
        let whole = std::path::absolute(directory).unwrap_or_else(|_| directory.to_owned());
        let file = whole.ancestors().map(|above| above.join(PROJECT_FILE)).find(|file| file.is_file());
        let shown = |file: &Path| {
            let shown = directory.join(PROJECT_FILE);
            if shown.is_file() { shown } else { file.to_owned() }
        };
        let same =
            |known: &&Arc<Project>, name: &str| known.sources.iter().any(|(_, source)| source.name() == name);
        let project = file.map(|file| {
            let name = shown(&file).display().to_string();
            let known = projects.values().flatten().find(|known| same(known, &name)).cloned();
            known.unwrap_or_else(|| Arc::new(Project::read(&file, name)))
        });
        projects.insert(directory.to_owned(), project.clone());
        project
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    lints: BTreeMap<Spanned<String>, Spanned<String>>,
}

impl Project {
    fn read(path: &Path, name: String) -> Self {
        let mut sources = Sources::new();
        let bytes = files::read(path, MOST);
        let text = match &bytes {
            Ok(bytes) if bytes.len() <= MOST => String::from_utf8_lossy(bytes).into_owned(),
            Ok(_) | Err(_) => String::new(),
        };
        let id = sources.add(name, text.clone());
        let mut project = Self { levels: Levels::new(), sources, found: Vec::new() };
        if let Err(error) = bytes {
            project.found.push(unreadable(&error.to_string(), Span::at(id, 0)));
            return project;
        }
        match toml::from_str::<File>(&text) {
            Ok(file) => {
                let mut lints: Vec<_> = file.lints.into_iter().collect();
                lints.sort_by_key(|(code, _)| code.span().start);
                for (code, level) in lints {
                    let place = |range: std::ops::Range<usize>| Span::new(id, range.start, range.end);
                    let selector = Selector::find(code.get_ref());
                    let known = LEVELS.iter().find(|(word, _)| *word == level.get_ref().as_str());
                    match (selector, known) {
                        (Some(selector), Some((_, level))) => project.levels.set(selector, *level),
                        (None, _) => project.found.push(unknown_code(code.get_ref(), place(code.span()))),
                        (_, None) => project.found.push(unknown_level(level.get_ref(), place(level.span()))),
                    }
                }
            }
            Err(error) => {
                let range = error.span().unwrap_or(0..0);
                project.found.push(unreadable(error.message(), Span::new(id, range.start, range.end)));
            }
        }
        project
    }
}

const LEVELS: [(&str, Level); 3] = [("allow", Level::Allow), ("warn", Level::Warn), ("deny", Level::Deny)];

fn unreadable(reason: &str, place: Span) -> Diagnostic {
    let message = format!("`{PROJECT_FILE}` can't be read: {reason}");
    Diagnostic::new(codes::INVALID_PROJECT_FILE, message, place, "here")
        .with_help("it holds a table `[lints]` of codes with `\"allow\"`, `\"warn\"` or `\"deny\"`")
}

fn unknown_level(written: &str, place: Span) -> Diagnostic {
    let message = format!("`{written}` is no level of findings");
    let found = Diagnostic::new(codes::INVALID_PROJECT_FILE, message, place, "not known");
    let words = LEVELS.map(|(word, _)| word);
    match nearest(written, words) {
        Some(near) => found.with_help(format!("did you mean `{near}`?")),
        None => found.with_help("choose `allow`, `warn` or `deny`"),
    }
}
