//! The core module around a program's data: the same for every masque with the same features, but for the data segment, the size of
//! the memory and the start of the heap, which follow from the data.

use wasm_encoder::{
    CodeSection, ConstExpr, DataSection, ExportKind, ExportSection, FunctionSection, GlobalSection,
    GlobalType, MemorySection, MemoryType, Module, TypeSection, ValType,
};

use super::{DATA_START, Features, HEAP_PAGES, HEAP_ROOM, bodies};
use crate::Export;

/// Bytes of a page of memory.
const PAGE: u64 = 65_536;

/// The core module that runs `data`, the bytes from address [`DATA_START`] on.
///
/// A reader that finds `data` in a module and gets the module's very bytes from this function knows all its code.
pub fn module(data: &[u8], features: Features) -> Vec<u8> {
    let functions = bodies::functions(features);
    let mut module = Module::new();

    let mut types = TypeSection::new();
    for signature in bodies::signatures(features) {
        let params = std::iter::repeat_n(ValType::I32, signature.params);
        types.ty().function(params, signature.results.iter().copied());
    }
    module.section(&types);

    let mut declarations = FunctionSection::new();
    for function in &functions {
        declarations.function(function.signature);
    }
    module.section(&declarations);

    let heap_base = heap_base(data.len());
    let minimum = (u64::from(heap_base) + u64::from(HEAP_ROOM)).div_ceil(PAGE);
    let mut memory = MemorySection::new();
    memory.memory(MemoryType {
        minimum,
        maximum: Some(minimum + HEAP_PAGES),
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    module.section(&memory);

    let mut globals = GlobalSection::new();
    globals.global(
        GlobalType { val_type: ValType::I32, mutable: true, shared: false },
        &ConstExpr::i32_const(heap_base.cast_signed()),
    );
    module.section(&globals);

    module.section(&exports());

    let mut code = CodeSection::new();
    for function in &functions {
        code.function(&function.body);
    }
    module.section(&code);

    let mut segments = DataSection::new();
    segments.active(0, &ConstExpr::i32_const(DATA_START.cast_signed()), data.iter().copied());
    module.section(&segments);
    module.finish()
}

/// Where the heap begins behind `data_length` bytes of data: the next multiple of 16.
///
/// # Panics
/// When the data reaches past 4 GiB, which no bounded source does.
pub fn heap_base(data_length: usize) -> u32 {
    u32::try_from(data_length)
        .ok()
        .and_then(|length| length.checked_add(DATA_START)?.checked_next_multiple_of(16))
        .expect("a program's data is far below 4 GiB")
}

fn exports() -> ExportSection {
    let mut exports = ExportSection::new();
    exports.export(bodies::MEMORY_NAME, ExportKind::Memory, 0);
    exports.export(bodies::REALLOC_NAME, ExportKind::Func, bodies::REALLOC);
    for (export, index) in Export::ALL.into_iter().zip(0..) {
        exports.export(export.name(), ExportKind::Func, index);
        exports.export(&bodies::post_return_name(export), ExportKind::Func, bodies::POST_RETURN);
    }
    exports
}
