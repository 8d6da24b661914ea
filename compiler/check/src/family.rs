//! The files that one source leads to: its parent, the parent's parent, and the libraries that any of them uses.
//!
//! Each file is parsed once. Versions are chosen here; what the files mean together is for `sets` and `compose`.

mod reference;
mod supply;

pub use reference::{ENDINGS, Place, Reference, Versions};
pub use supply::{Candidate, Candidates, Nothing, Supply};

use crate::version::{self, Reading};
use crate::{limits, problems};
use masque_diagnostics::{Diagnostics, SourceId, Sources, Span, Spanned};
use masque_ir::{self as ir, Version};
use masque_syntax::ast::{self, Document};

/// A source with everything that it refers to.
#[derive(Clone, Debug)]
pub struct Family {
    /// The source itself first.
    pub(crate) files: Vec<File>,
}

/// One file of a family.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) id: SourceId,
    pub(crate) document: Document,
    pub(crate) parent: Option<Link>,
    pub(crate) libraries: Vec<Library>,
    /// What led here first; empty for the source itself.
    pub(crate) reference: String,
    /// Whether reading it, or finding what it refers to, met an error.
    pub(crate) broken: bool,
}

/// A reference that was followed.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    /// As it is written, and where.
    pub(crate) written: Spanned<String>,
    /// Position in [`Family::files`].
    pub(crate) file: usize,
}

/// A library that a file uses.
#[derive(Clone, Debug)]
pub(crate) struct Library {
    pub(crate) link: Link,
    /// What the file calls it: its path, or the name that was chosen.
    pub(crate) name: String,
    /// The path by which everyone may know it, whatever this file calls it.
    pub(crate) path: String,
}

impl Family {
    /// Follows the references of a source that was parsed. What is wrong with them, and what parsing other files found, is returned with it.
    pub fn load(
        root: SourceId,
        document: Document,
        sources: &mut Sources,
        supply: &dyn Supply,
    ) -> (Self, Diagnostics) {
        let identity = supply.identity(sources.get(root).name());
        let mut loader = Loader {
            sources,
            supply,
            files: Vec::new(),
            identities: Vec::new(),
            way: Vec::new(),
            found: Diagnostics::new(),
        };
        loader.add(root, document, identity, String::new(), false);
        loader.follow(0);
        (Self { files: loader.files }, loader.found)
    }

    /// Every file, the source itself first, then the others in the order in which they were met.
    pub fn sources(&self) -> impl Iterator<Item = SourceId> {
        self.files.iter().map(|file| file.id)
    }

    /// The masque that the family is about; `None` where the source is a library.
    pub fn masque(&self) -> Option<&ast::Masque> {
        match &self.files[0].document {
            Document::Masque(masque) => Some(masque),
            Document::Library(_) => None,
        }
    }

    /// The source and its ancestors, nearest first.
    pub(crate) fn chain(&self) -> Vec<usize> {
        let mut chain = vec![0];
        while let Some(link) = chain.last().and_then(|at| self.files[*at].parent.as_ref()) {
            chain.push(link.file);
        }
        chain
    }

    /// The files in the order in which the checked form numbers them: the chain, then libraries as they are used.
    pub(crate) fn numbered(&self) -> Vec<usize> {
        let mut order = self.chain();
        let mut at = 0;
        while at < order.len() {
            for library in &self.files[order[at]].libraries {
                if !order.contains(&library.link.file) {
                    order.push(library.link.file);
                }
            }
            at += 1;
        }
        order
    }
}

struct Loader<'a> {
    sources: &'a mut Sources,
    supply: &'a dyn Supply,
    files: Vec<File>,
    identities: Vec<String>,
    /// The files that are being followed, the source itself first.
    way: Vec<usize>,
    found: Diagnostics,
}

/// What a reference is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Parent,
    Library,
}

/// A file that a reference may mean.
struct Choice {
    id: SourceId,
    identity: String,
    version: Option<Spanned<Version>>,
    document: Document,
    broken: bool,
    found: Diagnostics,
}

impl Loader<'_> {
    fn add(
        &mut self,
        id: SourceId,
        document: Document,
        identity: String,
        reference: String,
        broken: bool,
    ) -> usize {
        self.files.push(File { id, document, parent: None, libraries: Vec::new(), reference, broken });
        self.identities.push(identity);
        self.files.len() - 1
    }

    /// Follows what the file refers to.
    fn follow(&mut self, at: usize) {
        self.way.push(at);
        let (extends, uses) = match &self.files[at].document {
            Document::Masque(masque) => (masque.extends.get().cloned(), masque.uses.get().cloned()),
            Document::Library(library) => (None, library.uses.get().cloned()),
        };
        if let Some(written) = extends {
            let file = self.resolve(at, &written, Role::Parent).map(|(_, file)| file);
            self.files[at].broken |= file.is_none();
            self.files[at].parent = file.map(|file| Link { written, file });
        }
        for item in uses.into_iter().flat_map(|uses| uses.value) {
            let Some(written) = item.value.library.get().cloned() else { continue };
            let Some((reference, file)) = self.resolve(at, &written, Role::Library) else {
                self.files[at].broken = true;
                continue;
            };
            let alias = item.value.alias.get().map(|alias| alias.value.clone());
            let library = Library {
                name: alias.unwrap_or_else(|| reference.path.clone()),
                path: reference.path,
                link: Link { written, file },
            };
            self.files[at].libraries.push(library);
        }
        self.way.pop();
    }

    /// The file that a reference of the file `from` means.
    fn resolve(&mut self, from: usize, written: &Spanned<String>, role: Role) -> Option<(Reference, usize)> {
        let reference = match Reference::parse(&written.value) {
            Ok(reference) => reference,
            Err(reason) => {
                self.found.push(problems::invalid_reference(&written.value, &reason, written.span));
                return None;
            }
        };
        if self.way.len() > limits::ANCESTORS {
            self.found.push(problems::chain_too_long(written.span, limits::ANCESTORS));
            return None;
        }
        let name = self.sources.get(self.files[from].id).name().to_owned();
        let candidates = self.supply.candidates(&name, &reference);
        let mut choices = Vec::new();
        for candidate in candidates.files {
            match candidate.text {
                Ok(text) => choices.extend(self.read(candidate.name, candidate.identity, text)),
                Err(reason) => {
                    self.found.push(problems::unreadable_reference(
                        &written.value,
                        &candidate.name,
                        &reason,
                        written.span,
                    ));
                    return None;
                }
            }
        }
        if choices.is_empty() {
            let known = candidates.known.iter().map(String::as_str);
            let near = masque_diagnostics::nearest(&reference.path, known);
            let raw = &self.sources.get(written.span.source).text()[written.span.range()];
            let near = near.map(|near| (near, raw.replacen(&reference.path, near, 1)));
            self.found.push(problems::unknown_reference(
                &written.value,
                &candidates.looked_at,
                near,
                written.span,
            ));
            return None;
        }
        let choice = self.choose(choices, &reference, written)?;
        let file = self.enter(choice, &reference, written, role)?;
        Some((reference, file))
    }

    fn read(&mut self, name: String, identity: String, text: String) -> Option<Choice> {
        if let Some(known) = self.identities.iter().position(|known| *known == identity) {
            let file = &self.files[known];
            let version = version_of(&file.document);
            let (id, document, broken) = (file.id, file.document.clone(), file.broken);
            return Some(Choice { id, identity, version, document, broken, found: Diagnostics::new() });
        }
        let id = self.sources.add(name, text);
        let source = self.sources.get(id);
        let parsed = masque_syntax::parse(id, source.name(), source.text());
        let Some(document) = parsed.document else {
            self.found.extend(parsed.diagnostics);
            return None;
        };
        let (version, broken) = (version_of(&document), parsed.diagnostics.has_errors());
        Some(Choice { id, identity, version, document, broken, found: parsed.diagnostics })
    }

    /// The highest version that fits.
    fn choose(
        &mut self,
        choices: Vec<Choice>,
        reference: &Reference,
        written: &Spanned<String>,
    ) -> Option<Choice> {
        let all: Vec<(String, Span)> = choices
            .iter()
            .map(|choice| match &choice.version {
                Some(version) => (version.value.to_string(), version.span),
                None => ("no version".to_owned(), Span::at(choice.id, 0)),
            })
            .collect();
        let fits = |choice: &Choice| match &choice.version {
            Some(version) => reference.versions.take(&version.value),
            None => reference.versions == Versions::Any,
        };
        let mut fitting: Vec<Choice> = choices.into_iter().filter(fits).collect();
        fitting.sort_by(|a, b| {
            let version = |choice: &Choice| choice.version.as_ref().map(|version| version.value.clone());
            version(b).cmp(&version(a))
        });
        let mut fitting = fitting.into_iter();
        let Some(best) = fitting.next() else {
            self.found.push(problems::version_out_of_range(&written.value, &all, written.span));
            return None;
        };
        if let Some(second) = fitting.next()
            && second.identity != best.identity
            && same_version(&second, &best)
        {
            let names = [best.id, second.id].map(|id| self.sources.get(id).name().to_owned());
            let places = [&best, &second]
                .map(|choice| choice.version.as_ref().map_or(Span::at(choice.id, 0), |version| version.span));
            self.found.push(problems::ambiguous_reference(&written.value, &names, places, written.span));
            return None;
        }
        Some(best)
    }

    /// Takes the chosen file into the family, and follows it.
    fn enter(
        &mut self,
        choice: Choice,
        reference: &Reference,
        written: &Spanned<String>,
        role: Role,
    ) -> Option<usize> {
        let known = self.identities.iter().position(|known| *known == choice.identity);
        if let Some(known) = known
            && let Some(start) = self.way.iter().position(|at| *at == known)
        {
            let circle: Vec<Span> =
                self.way[start..].windows(2).filter_map(|pair| self.link(pair[0], pair[1])).collect();
            let names: Vec<String> = self.way[start..]
                .iter()
                .map(|at| self.sources.get(self.files[*at].id).name().to_owned())
                .collect();
            self.found.push(problems::reference_cycle(&written.value, &names, &circle, written.span));
            return None;
        }
        let place = match &choice.document {
            Document::Masque(masque) => masque.identity.name.get().map_or(masque.insert_at, |name| name.span),
            Document::Library(library) => library.name.span,
        };
        match (&choice.document, role) {
            (Document::Library(_), Role::Parent) => {
                self.found.push(problems::parent_is_library(&written.value, written.span, place));
                return None;
            }
            (Document::Masque(_), Role::Library) => {
                self.found.push(problems::library_is_masque(&written.value, written.span, place));
                return None;
            }
            _ => {}
        }
        if let Some(known) = known {
            return Some(known);
        }
        if choice.broken {
            self.found.push(problems::broken_reference(&written.value, written.span));
        }
        self.found.extend(choice.found);
        let path = reference.path.clone();
        let file = self.add(choice.id, choice.document, choice.identity, path, choice.broken);
        self.files[file].reference.clone_from(&written.value);
        self.follow(file);
        Some(file)
    }

    /// Where one file refers to another.
    fn link(&self, from: usize, to: usize) -> Option<Span> {
        let document = &self.files[from].document;
        let (extends, uses) = match document {
            Document::Masque(masque) => (masque.extends.get(), masque.uses.get()),
            Document::Library(library) => (None, library.uses.get()),
        };
        let followed = self.files[from].libraries.iter().find(|library| library.link.file == to);
        let last_use = uses.and_then(|uses| uses.value.get(self.files[from].libraries.len()));
        followed
            .map(|library| library.link.written.span)
            .or(extends
                .map(|extends| extends.span)
                .filter(|_| matches!(self.files[to].document, Document::Masque(_))))
            .or(last_use.map(|item| item.span))
    }
}

/// A file as the checked form keeps it.
pub(crate) fn source_file(sources: &Sources, id: SourceId) -> ir::SourceFile {
    let source = sources.get(id);
    ir::SourceFile {
        name: crate::identity::file_name(source.name()).to_owned(),
        text: source.text().to_owned(),
    }
}

/// What another file is to the masque; `None` where it has no version, which was reported.
pub(crate) fn inherited(
    sources: &Sources,
    family: &Family,
    file: usize,
    is_ancestor: bool,
) -> Option<ir::Inherited> {
    let found = &family.files[file];
    let role = if is_ancestor { ir::InheritedRole::Ancestor } else { ir::InheritedRole::Library };
    let version = version_of(&found.document)?.value;
    Some(ir::Inherited {
        role,
        reference: found.reference.clone(),
        version,
        source: source_file(sources, found.id),
    })
}

fn same_version(a: &Choice, b: &Choice) -> bool {
    a.version.as_ref().map(|version| &version.value) == b.version.as_ref().map(|version| &version.value)
}

fn version_of(document: &Document) -> Option<Spanned<Version>> {
    let written = match document {
        Document::Masque(masque) => &masque.identity.version,
        Document::Library(library) => &library.version,
    };
    let written = written.get()?;
    match version::read(&written.value) {
        Reading::Full(version) | Reading::Short(version) => Some(Spanned::new(version, written.span)),
        Reading::Invalid(_) => None,
    }
}
