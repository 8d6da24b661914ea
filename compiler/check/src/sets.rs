//! Intent sets: those of a file and those of the libraries that it uses, by the paths that the file may call them.

use crate::family::{Family, File};
use crate::{limits, problems, removal};
use masque_automata::Pattern;
use masque_diagnostics::{Diagnostic, Diagnostics, Sources, Spanned};
use masque_ir as ir;
use masque_syntax::ast::{self, Document, Field};
use std::cell::RefCell;
use std::collections::BTreeSet;

/// The sets that one file may name.
#[derive(Default)]
pub(crate) struct Sets {
    known: Vec<Set>,
    /// Libraries that could be used, for a hint.
    others: Vec<String>,
    found: RefCell<Diagnostics>,
    used: RefCell<BTreeSet<String>>,
}

struct Set {
    /// What the file calls it: `destructive`, `std/git/write`, `g/write`.
    path: String,
    /// The library that it comes from, by the name that the file gives it.
    library: Option<String>,
    members: Vec<Member>,
}

/// One pattern of a set, with everything that other sets put into it laid flat.
#[derive(Clone)]
pub(crate) struct Member {
    pub(crate) mode: ir::MatchMode,
    pub(crate) pattern: String,
    /// The pattern's reason, else the set's.
    pub(crate) because: Option<String>,
    /// The set's own path, whatever the file calls it: `std/destructive`.
    pub(crate) set: String,
    /// In the file of the set.
    pub(crate) place: ir::Place,
}

impl Sets {
    /// The patterns of the set at `path`; `None` where there is none, which was reported.
    pub(crate) fn find(&self, path: &Spanned<String>) -> Option<&[Member]> {
        if let Some(set) = self.known.iter().find(|set| set.path == path.value) {
            self.used.borrow_mut().extend(set.library.clone());
            return Some(&set.members);
        }
        // Whose set was meant was used, even if the name has a slip.
        let meant = self.known.iter().filter_map(|set| set.library.as_ref()).find(|library| {
            path.value.strip_prefix(library.as_str()).is_some_and(|rest| rest.starts_with('/'))
        });
        self.used.borrow_mut().extend(meant.cloned());
        let near = masque_diagnostics::nearest(&path.value, self.known.iter().map(|set| set.path.as_str()));
        let unused = self.others.iter().find(|library| {
            path.value
                .strip_prefix(library.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        });
        let standard = path
            .value
            .starts_with("std/")
            .then(|| path.value.split('/').take(2).collect::<Vec<_>>().join("/"));
        let hint = unused.cloned().or(standard).filter(|_| near.is_none());
        self.found.borrow_mut().push(problems::unknown_set(&path.value, path.span, near, hint.as_deref()));
        None
    }

    /// What was found while sets were looked up, with the libraries of `file` that nothing named.
    pub(crate) fn finish(self, file: &File, text: &str) -> Diagnostics {
        let used = self.used.into_inner();
        let mut found = self.found.into_inner();
        for library in file.libraries.iter().filter(|library| !used.contains(&library.name)) {
            let written = &library.link.written;
            let gone = removal::line(text, "use", written.span);
            found.push(problems::unused_library(&written.value, written.span, gone));
        }
        found
    }
}

/// Lays the sets of a family flat, file by file.
pub(crate) struct SetReader<'a> {
    sources: &'a Sources,
    family: &'a Family,
    /// For each file of the family, its number in the checked form.
    numbers: Vec<u32>,
    /// What was found so far about sets themselves. Each set is read once, so each mistake is said once.
    found: Diagnostics,
    read: Vec<Option<Vec<Named>>>,
}

/// A set of a file, laid flat.
#[derive(Clone)]
struct Named {
    name: String,
    members: Vec<Member>,
}

impl<'a> SetReader<'a> {
    pub(crate) fn new(sources: &'a Sources, family: &'a Family) -> Self {
        let order = family.numbered();
        let number = |file: usize| order.iter().position(|at| *at == file).unwrap_or_default();
        let numbers =
            (0..family.files.len()).map(|file| u32::try_from(number(file)).unwrap_or(u32::MAX)).collect();
        Self { sources, family, numbers, found: Diagnostics::new(), read: vec![None; family.files.len()] }
    }

    /// The number of a file in the checked form.
    pub(crate) fn number(&self, file: usize) -> u32 {
        self.numbers[file]
    }

    pub(crate) fn into_diagnostics(self) -> Diagnostics {
        self.found
    }

    /// The sets that a file may name.
    pub(crate) fn of(&mut self, file: usize) -> Sets {
        let mut sets = Sets::default();
        for named in self.own(file) {
            sets.known.push(Set { path: named.name, library: None, members: named.members });
        }
        for (index, library) in self.family.files[file].libraries.iter().enumerate() {
            let earlier = &self.family.files[file].libraries[..index];
            if let Some(first) = earlier.iter().find(|earlier| earlier.name == library.name) {
                let place = library.link.written.span;
                self.found.push(problems::duplicate_set(&library.name, place, first.link.written.span));
                continue;
            }
            for named in self.own(library.link.file) {
                sets.known.extend(called(
                    &library.name,
                    &library.path,
                    &named,
                    &self.family.files[library.link.file],
                ));
            }
        }
        sets
    }

    /// The sets that a file declares itself.
    fn own(&mut self, file: usize) -> Vec<Named> {
        if let Some(read) = &self.read[file] {
            return read.clone();
        }
        let family = self.family;
        let declared = match &family.files[file].document {
            Document::Masque(masque) => &masque.sets,
            Document::Library(library) => &library.sets,
        };
        let mut outer: Vec<Set> = Vec::new();
        for library in &family.files[file].libraries {
            for named in self.own(library.link.file) {
                outer.extend(called(&library.name, &library.path, &named, &family.files[library.link.file]));
            }
        }
        let mut reading = Reading { reader: self, file, declared, outer, done: Vec::new(), open: Vec::new() };
        for (index, set) in declared.iter().enumerate() {
            if let Some(first) =
                declared[..index].iter().find(|first| first.value.name.value == set.value.name.value)
            {
                let (place, first) = (set.value.name.span, first.value.name.span);
                reading.reader.found.push(problems::duplicate_set(&set.value.name.value, place, first));
                continue;
            }
            reading.flat(&set.value);
        }
        let done = reading.done;
        self.read[file] = Some(done.clone());
        done
    }
}

/// What a file calls the set of a library that goes by `name` there.
fn called(name: &str, path: &str, named: &Named, library: &File) -> Vec<Set> {
    let own = match &library.document {
        Document::Library(library) => library.name.value.as_str(),
        Document::Masque(_) => "",
    };
    let last = path.rsplit('/').next().unwrap_or(path);
    let is_default = named.name == own || named.name == last;
    let canonical = if is_default { path.to_owned() } else { format!("{path}/{}", named.name) };
    let members: Vec<Member> =
        named.members.iter().map(|member| Member { set: canonical.clone(), ..member.clone() }).collect();
    let set = |path: String| Set { path, library: Some(name.to_owned()), members: members.clone() };
    let mut sets = vec![set(format!("{name}/{}", named.name))];
    if is_default {
        sets.push(set(name.to_owned()));
    }
    sets
}

/// The sets of one file while they are laid flat.
struct Reading<'r, 'a> {
    reader: &'r mut SetReader<'a>,
    file: usize,
    declared: &'r [Spanned<ast::Set>],
    outer: Vec<Set>,
    done: Vec<Named>,
    /// The sets that are being laid flat.
    open: Vec<String>,
}

impl Reading<'_, '_> {
    fn flat(&mut self, set: &ast::Set) -> Vec<Member> {
        let name = &set.name.value;
        if let Some(done) = self.done.iter().find(|done| done.name == *name) {
            return done.members.clone();
        }
        self.open.push(name.clone());
        let reason = set.because.get().map(|because| because.value.clone());
        let mut members = Vec::new();
        for member in set.members.get().into_iter().flat_map(|members| &members.value) {
            if let Field::Given(path) = &member.value.set {
                members.extend(self.inner(path, reason.as_deref()));
            } else if let Some(pattern) = member.value.pattern.get() {
                members.extend(self.member(name, &member.value, pattern, reason.as_deref()));
            }
        }
        if members.is_empty() && set.members.get().is_some_and(|members| members.value.is_empty()) {
            self.reader.found.push(problems::empty_set(name, set.name.span));
        }
        if members.len() > limits::RULES {
            self.reader.found.push(problems::too_many_items(
                "set",
                set.name.span,
                members.len(),
                limits::RULES,
            ));
            members.clear();
        }
        self.open.pop();
        self.done.push(Named { name: name.clone(), members: members.clone() });
        members
    }

    /// The patterns of a set inside of a set; the reason of the outer one stands, if it has one.
    fn inner(&mut self, path: &Spanned<String>, reason: Option<&str>) -> Vec<Member> {
        if self.open.contains(&path.value) {
            self.reader.found.push(problems::set_cycle(&path.value, path.span));
            return Vec::new();
        }
        let declared = self.declared;
        let members = match declared.iter().find(|set| set.value.name.value == path.value) {
            Some(set) => self.flat(&set.value),
            None => match self.outer.iter().find(|set| set.path == path.value) {
                Some(set) => set.members.clone(),
                None => {
                    let known = declared.iter().map(|set| set.value.name.value.as_str());
                    let known = known.chain(self.outer.iter().map(|set| set.path.as_str()));
                    let near = masque_diagnostics::nearest(&path.value, known);
                    self.reader.found.push(problems::unknown_set(&path.value, path.span, near, None));
                    return Vec::new();
                }
            },
        };
        let because =
            |member: Member| Member { because: reason.map(str::to_owned).or(member.because), ..member };
        members.into_iter().map(because).collect()
    }

    fn member(
        &mut self,
        set: &str,
        rule: &ast::RulePattern,
        pattern: &Spanned<String>,
        reason: Option<&str>,
    ) -> Option<Member> {
        if let Some(found) = problem_of(pattern, self.reader.sources) {
            self.reader.found.push(found);
            return None;
        }
        let source = self.reader.sources.get(pattern.span.source);
        let start = source.line_column(pattern.span.range().start);
        let place = ir::Place {
            file: self.reader.number(self.file),
            line: start.line,
            column: start.column,
            start: pattern.span.start,
            end: pattern.span.end,
        };
        let mode = match rule.mode.get().map(|mode| mode.value) {
            Some(ast::MatchMode::Exact) => ir::MatchMode::Exact,
            Some(ast::MatchMode::Verb) | None => ir::MatchMode::Verb,
        };
        let because = rule.because.get().map(|because| because.value.clone()).or(reason.map(str::to_owned));
        Some(Member { mode, pattern: pattern.value.clone(), because, set: set.to_owned(), place })
    }
}

/// What is wrong with a set's pattern.
fn problem_of(pattern: &Spanned<String>, sources: &Sources) -> Option<Diagnostic> {
    let text = sources.get(pattern.span.source).text();
    let inside = |range| masque_syntax::place_in_scalar(text, pattern.span, range);
    if pattern.value.trim().is_empty() {
        return Some(problems::empty_pattern(pattern.span, None));
    }
    if pattern.value.len() > limits::PATTERN {
        return Some(problems::over_limit("pattern", pattern.span, pattern.value.len(), limits::PATTERN));
    }
    if let Some((range, character)) = crate::lints::hidden_character(&pattern.value) {
        return Some(problems::hidden_character(&pattern.value, character, inside(range)));
    }
    let error = Pattern::parse(&pattern.value).err()?;
    Some(problems::invalid_pattern(&pattern.value, &error, inside(error.range.clone())))
}
