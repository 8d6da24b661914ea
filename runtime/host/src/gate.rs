//! The structural gate: what bytes must look like before they are compiled.
//!
//! Compiling is outside of the sandbox's promises, so only small, valid and plainly built components get that far.

mod signature;

use wasmparser::{
    ComponentTypeRef, Encoding, FuncValidatorAllocations, Parser, Payload, ValidPayload, Validator,
    WasmFeatures,
};

use crate::engine::Profile;

/// Bytes of one function's body that a component without a language runtime may have: compile time grows faster than the body.
const MAX_BODY: usize = 64 * 1024;
/// Functions that it may have.
const MAX_FUNCTIONS: u32 = 10_000;
/// The namespace of interfaces that a component with a language runtime may import.
const WASI: &str = "wasi:";

/// What a component has that no masque may have, or lacks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GateError {
    /// Not valid, or of a proposal that is not allowed.
    #[error("the component is invalid at byte {at}: {reason}")]
    Invalid {
        /// Byte offset.
        at: u64,
        /// What the validator says.
        reason: String,
    },
    /// A core module where a component must be.
    #[error("this is a core module, not a component")]
    CoreModule,
    /// It asks for something from outside.
    #[error("the component imports `{0}`, but a masque reaches nothing")]
    Import(String),
    /// Code that would run before it is asked anything.
    #[error("the component has a start function; a masque runs only when it is asked")]
    Start,
    /// It has the wrong number of something.
    #[error("the component has {found} {what} where {wanted} expected")]
    Count {
        /// `core modules`, `memories`, …
        what: &'static str,
        /// How many there are.
        found: u32,
        /// `1 is`, `at most 1 is`, …
        wanted: &'static str,
    },
    /// A function too large to be compiled.
    #[error("a function at byte {at} has {bytes} bytes where {MAX_BODY} are allowed")]
    Body {
        /// Byte offset.
        at: u64,
        /// Its size.
        bytes: u64,
    },
    /// A function of the world is missing.
    #[error("the component does not export `{0}`")]
    Missing(&'static str),
    /// It exports more than the world, and has no language runtime to be excused with.
    #[error("the component exports `{0}`, which is no part of the world")]
    Surplus(String),
    /// A function of the world has other types.
    #[error("the component exports `{name}` as `{found}` where `{wanted}` is expected")]
    Signature {
        /// The export.
        name: &'static str,
        /// Its type.
        found: String,
        /// The world's.
        wanted: &'static str,
    },
}

impl From<wasmparser::BinaryReaderError> for GateError {
    fn from(error: wasmparser::BinaryReaderError) -> Self {
        Self::Invalid { at: error.offset(), reason: error.message().to_owned() }
    }
}

/// Lets a component through that has nothing but a masque's structure.
pub(crate) fn check(bytes: &[u8], profile: Profile) -> Result<(), GateError> {
    let mut validator = Validator::new_with_features(features(profile));
    let mut allocations = FuncValidatorAllocations::default();
    let mut counts = Counts::default();
    let mut depth = 0_u32;
    for payload in Parser::new(0).parse_all(bytes) {
        let payload = payload?;
        counts.take(&payload, depth, profile)?;
        match validator.payload(&payload)? {
            ValidPayload::Func(function, body) => {
                let mut function = function.into_validator(allocations);
                function.validate(&body)?;
                allocations = function.into_allocations();
            }
            ValidPayload::Parser(_) => depth += 1,
            ValidPayload::End(types) if depth == 0 => {
                signature::check(types.as_ref(), &counts.exports)?;
            }
            ValidPayload::End(_) => depth -= 1,
            ValidPayload::Ok => {}
        }
    }
    counts.finish(profile)
}

fn features(profile: Profile) -> WasmFeatures {
    let plain = WasmFeatures::WASM1
        | WasmFeatures::MULTI_VALUE
        | WasmFeatures::BULK_MEMORY
        | WasmFeatures::SIGN_EXTENSION
        | WasmFeatures::SATURATING_FLOAT_TO_INT
        | WasmFeatures::REFERENCE_TYPES
        | WasmFeatures::COMPONENT_MODEL;
    // Reference types without this pseudo-feature are function references only.
    let plain = plain - WasmFeatures::GC_TYPES;
    match profile {
        Profile::Strict => plain,
        Profile::Loose => plain | WasmFeatures::SIMD | WasmFeatures::EXTENDED_CONST,
    }
}

/// What has been seen.
#[derive(Default)]
struct Counts {
    modules: u32,
    components: u32,
    instances: u32,
    memories: u32,
    tables: u32,
    functions: u32,
    /// What the outermost component exports, where that must be the world and no more.
    exports: Vec<String>,
}

impl Counts {
    fn take(&mut self, payload: &Payload<'_>, depth: u32, profile: Profile) -> Result<(), GateError> {
        let strict = profile == Profile::Strict;
        match payload {
            Payload::Version { encoding: Encoding::Module, .. } if depth == 0 => {
                return Err(GateError::CoreModule);
            }
            Payload::ModuleSection { .. } => self.modules += 1,
            Payload::ComponentSection { .. } => self.components += 1,
            Payload::InstanceSection(section) => {
                for instance in section.clone() {
                    self.instances +=
                        u32::from(matches!(instance?, wasmparser::Instance::Instantiate { .. }));
                }
            }
            Payload::MemorySection(section) => self.memories += section.count(),
            Payload::TableSection(section) => self.tables += section.count(),
            Payload::FunctionSection(section) => self.functions += section.count(),
            Payload::ImportSection(section) if strict => {
                if let Some(import) = section.clone().into_imports().next() {
                    let import = import?;
                    return Err(GateError::Import(format!("{}.{}", import.module, import.name)));
                }
            }
            Payload::ComponentImportSection(section) if depth == 0 => {
                for import in section.clone() {
                    let import = import?;
                    let allowed = match import.ty {
                        ComponentTypeRef::Type(wasmparser::TypeBounds::Eq(_)) => true,
                        ComponentTypeRef::Instance(_) => !strict && import.name.name.starts_with(WASI),
                        _ => false,
                    };
                    if !allowed {
                        return Err(GateError::Import(import.name.name.to_owned()));
                    }
                }
            }
            // Toolchains of other languages export things of their own. Nobody will call them.
            Payload::ComponentExportSection(section) if depth == 0 && strict => {
                for export in section.clone() {
                    self.exports.push(export?.name.name.to_owned());
                }
            }
            Payload::ComponentStartSection { .. } => return Err(GateError::Start),
            Payload::StartSection { .. } if strict => return Err(GateError::Start),
            Payload::CodeSectionEntry(body) if strict => {
                let range = body.range();
                let bytes = range.end - range.start;
                if bytes > MAX_BODY as u64 {
                    return Err(GateError::Body { at: range.start, bytes });
                }
            }
            _ => {}
        }
        if self.functions > MAX_FUNCTIONS && strict {
            return Err(GateError::Count {
                what: "functions",
                found: self.functions,
                wanted: "at most 10000 are",
            });
        }
        Ok(())
    }

    fn finish(self, profile: Profile) -> Result<(), GateError> {
        let one = |what, found| (what, found, found == 1, "1 is");
        let at_most = |what, found, most, wanted| (what, found, found <= most, wanted);
        let checks = match profile {
            Profile::Strict => [
                one("core modules", self.modules),
                one("core instances", self.instances),
                one("memories", self.memories),
                at_most("tables", self.tables, 1, "at most 1 is"),
                at_most("nested components", self.components, 0, "none is"),
            ],
            Profile::Loose => [
                at_most("core modules", self.modules, 64, "at most 64 are"),
                at_most("core instances", self.instances, 64, "at most 64 are"),
                at_most("memories", self.memories, 64, "at most 64 are"),
                at_most("tables", self.tables, 64, "at most 64 are"),
                at_most("nested components", self.components, 64, "at most 64 are"),
            ],
        };
        match checks.into_iter().find(|(.., holds, _)| !holds) {
            None => Ok(()),
            Some((what, found, _, wanted)) => Err(GateError::Count { what, found, wanted }),
        }
    }
}
