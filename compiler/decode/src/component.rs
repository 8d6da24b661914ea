//! The top level of a component: sections, and whether all of them but the program are the known ones.

use std::ops::Range;

use masque_abi::program::SHELL_SHA256;
use masque_abi::{WASM_MAGIC, hex};
use sha2::{Digest, Sha256};

use crate::DecodeError;

const HEADER: usize = 8;
const COMPONENT_VERSION: &[u8] = &[0x0D, 0, 1, 0];
const CORE_MODULE_VERSION: &[u8] = &[1, 0, 0, 0];
const CUSTOM_SECTION: u8 = 0;
const CORE_MODULE_SECTION: u8 = 1;

/// Where the parts of a component lie.
#[derive(Clone, Debug)]
pub struct Layout {
    /// The only core module; `None` where there is none.
    pub core: Option<Range<usize>>,
    /// Custom sections in the order of the file.
    pub custom: Vec<CustomSection>,
    /// The header and every other section, whole.
    pub shell: Vec<Range<usize>>,
}

/// A custom section.
#[derive(Clone, Debug)]
pub struct CustomSection {
    /// Its name.
    pub name: String,
    /// The section with its header.
    pub whole: Range<usize>,
    /// What follows the name.
    pub data: Range<usize>,
}

impl Layout {
    /// The custom sections of this name.
    pub fn custom_sections(&self, name: &str) -> impl Iterator<Item = &CustomSection> {
        self.custom.iter().filter(move |section| section.name == name)
    }

    /// Bytes of the header and all sections but the core module and the custom ones.
    pub fn shell_size(&self) -> usize {
        self.shell.iter().map(ExactSizeIterator::len).sum()
    }

    pub(crate) fn has_canonical_shell(&self, bytes: &[u8]) -> bool {
        let mut digest = Sha256::new();
        for range in &self.shell {
            digest.update(&bytes[range.clone()]);
        }
        // Where the core module stands among the sections matters to no one: wiring refers to it by index.
        hex(&digest.finalize()) == SHELL_SHA256
    }
}

/// Splits a component into its sections.
///
/// # Errors
/// When it is none, when lengths don't add up or are padded, or when it holds more than one core module.
pub fn layout(bytes: &[u8]) -> Result<Layout, DecodeError> {
    if !bytes.starts_with(WASM_MAGIC) {
        return Err(DecodeError::NotAComponent("it does not begin with the WebAssembly magic"));
    }
    match bytes.get(WASM_MAGIC.len()..HEADER) {
        Some(COMPONENT_VERSION) => {}
        Some(CORE_MODULE_VERSION) => return Err(DecodeError::NotAComponent("it is a core module")),
        Some(_) => return Err(DecodeError::NotAComponent("its version of the format is unknown")),
        None => {
            return Err(DecodeError::Damaged { at: bytes.len(), what: "the file ends inside its header" });
        }
    }
    let header = 0..HEADER;
    let mut layout = Layout { core: None, custom: Vec::new(), shell: vec![header] };
    let mut reader = Reader { bytes, at: HEADER };
    while reader.at < bytes.len() {
        let start = reader.at;
        let id = reader.byte()?;
        let length = reader.length()?;
        let contents = reader.take(length)?;
        let whole = start..contents.end;
        match id {
            CUSTOM_SECTION => layout.custom.push(custom(bytes, whole, contents)?),
            CORE_MODULE_SECTION if layout.core.is_some() => {
                return Err(DecodeError::Foreign("it has several core modules"));
            }
            CORE_MODULE_SECTION => layout.core = Some(contents),
            _ => layout.shell.push(whole),
        }
    }
    Ok(layout)
}

fn custom(bytes: &[u8], whole: Range<usize>, contents: Range<usize>) -> Result<CustomSection, DecodeError> {
    let mut reader = Reader { bytes: &bytes[..contents.end], at: contents.start };
    let length = reader.length()?;
    let name = reader.take(length)?;
    let text = std::str::from_utf8(&bytes[name.clone()])
        .map_err(|_| DecodeError::Damaged { at: name.start, what: "a section's name is no UTF-8" })?;
    Ok(CustomSection { name: text.to_owned(), whole, data: name.end..contents.end })
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn byte(&mut self) -> Result<u8, DecodeError> {
        let byte = self.bytes.get(self.at);
        let byte =
            *byte.ok_or(DecodeError::Damaged { at: self.at, what: "the file ends inside a section" })?;
        self.at += 1;
        Ok(byte)
    }

    /// An unsigned LEB128 number of at most 32 bits, in as few bytes as it takes: linkers of other tools pad it, which is no damage.
    fn length(&mut self) -> Result<usize, DecodeError> {
        let start = self.at;
        let damaged = DecodeError::Damaged { at: start, what: "a length is malformed" };
        let mut value = 0_u64;
        for index in 0..5 {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7F) << (7 * index);
            if byte & 0x80 == 0 {
                let value = u32::try_from(value).map_err(|_| damaged)?;
                if index > 0 && byte == 0 {
                    return Err(DecodeError::Foreign("a length is padded"));
                }
                return Ok(value as usize);
            }
        }
        Err(damaged)
    }

    fn take(&mut self, length: usize) -> Result<Range<usize>, DecodeError> {
        let start = self.at;
        if self.bytes.len() - start < length {
            return Err(DecodeError::Damaged { at: start, what: "the file ends inside a section" });
        }
        self.at += length;
        Ok(start..self.at)
    }
}

pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}
