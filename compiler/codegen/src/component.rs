//! A core module in a component.
//!
//! The wiring of a component (types, lifted functions, exports) depends on the world alone. It is made once, by `wit-component`
//! around a module without code, and every program's core module is put in its place.

use std::sync::OnceLock;

use masque_abi::program::{self, Features};
use masque_abi::{Manifest, WIT, WORLD, sections};
use sha2::{Digest, Sha256};
use wasm_encoder::{ComponentSection, CustomSection, ProducersField, ProducersSection};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// The sections of a component before and behind its core module.
struct Shell {
    before: Vec<u8>,
    behind: Vec<u8>,
}

const CUSTOM_SECTION: u8 = 0;
const CORE_MODULE_SECTION: u8 = 1;

/// Puts the core module into its shell and adds the custom sections.
pub(crate) fn wrap(core: &[u8], manifest: &Manifest) -> Vec<u8> {
    let shell = shell();
    let mut bytes = shell.before.clone();
    section(&mut bytes, CORE_MODULE_SECTION, core);
    bytes.extend_from_slice(&shell.behind);

    let mut producers = ProducersSection::new();
    producers.field("processed-by", ProducersField::new().value("masquec", env!("CARGO_PKG_VERSION")));
    producers.append_to_component(&mut bytes);
    // Last, so that no file that was cut short still has one.
    let json = manifest.to_bytes();
    CustomSection { name: sections::MANIFEST.into(), data: json.as_slice().into() }
        .append_to_component(&mut bytes);
    bytes
}

/// SHA-256 of the shell, the part before the core module and the part behind it. `masque_abi::program::SHELL_SHA256` states it.
pub fn shell_digest() -> [u8; 32] {
    let shell = shell();
    Sha256::new().chain_update(&shell.before).chain_update(&shell.behind).finalize().into()
}

fn shell() -> &'static Shell {
    static SHELL: OnceLock<Shell> = OnceLock::new();
    SHELL.get_or_init(|| {
        let mut resolve = Resolve::default();
        let package = resolve.push_str("masque.wit", WIT).expect("grammar/masque.wit is well-formed");
        let world =
            resolve.select_world(&[package], Some(WORLD)).expect("grammar/masque.wit declares the world");
        let mut module = program::module(&[], Features::NONE);
        embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false)
            .expect("the world can be embedded");
        let component = ComponentEncoder::default()
            .validate(true)
            .module(&module)
            .and_then(ComponentEncoder::encode)
            .expect("the canonical module has the world's shape");
        split(&component)
    })
}

/// Takes a component apart at its core module and leaves custom sections (names, producers) out.
fn split(component: &[u8]) -> Shell {
    const HEADER: usize = 8;
    let (mut shell, mut behind) = (component[..HEADER].to_vec(), None);
    let mut at = HEADER;
    while at < component.len() {
        let id = component[at];
        let (length, prefix) = leb(&component[at + 1..]);
        let contents = at + 1 + prefix;
        match id {
            CUSTOM_SECTION => {}
            CORE_MODULE_SECTION => behind = Some(shell.len()),
            _ => shell.extend_from_slice(&component[at..contents + length]),
        }
        at = contents + length;
    }
    let behind = shell.split_off(behind.expect("the encoder embeds the core module"));
    Shell { before: shell, behind }
}

/// An unsigned LEB128 number and the bytes that it takes.
fn leb(bytes: &[u8]) -> (usize, usize) {
    let mut value = 0;
    for (index, byte) in bytes.iter().enumerate() {
        value |= usize::from(byte & 0x7F) << (7 * index);
        if byte & 0x80 == 0 {
            return (value, index + 1);
        }
    }
    unreachable!("the encoder ends its numbers")
}

fn section(bytes: &mut Vec<u8>, id: u8, contents: &[u8]) {
    use wasm_encoder::Encode;
    bytes.push(id);
    contents.len().encode(bytes);
    bytes.extend_from_slice(contents);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shell_is_the_one_that_readers_know() {
        assert_eq!(
            masque_abi::hex(&shell_digest()),
            program::SHELL_SHA256,
            "wit-component wires components differently: readers must learn it"
        );
    }
}
