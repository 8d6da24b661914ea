//! The canonical code of a masque. Nothing in it depends on the masque but the choice of bodies ([`Features`]).
//!
//! Function indices: the five exports in the order of the world, then post-return and `cabi_realloc`, then, where there is an
//! automaton, the classifier of non-ASCII scalars, then, where the session is looked at, the functions in `session`.

mod session;

use wasm_encoder::{BlockType, Function, InstructionSink, MemArg, MemArgTarget, ValType};

use super::{
    ACCESS, CLASS_BITS, CONTEXT, DEFAULT_DECISION, Features, HEAP_BASE, KNOWLEDGE, LENS, PARTS, PARTS_END,
    Part, SINKS,
};
use crate::{Decision, Export};

/// The signature of a core function: the parameters are all `i32`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The number of parameters.
    pub params: usize,
    /// None or one.
    pub results: &'static [ValType],
}

const WORD: &[ValType] = &[ValType::I32];

/// The signatures, by type index. The last ones are there only where the session is looked at.
const SIGNATURES: [Signature; 8] = [
    Signature { params: 9, results: WORD }, // validate-intent: intent (pointer, length), session (seven words)
    Signature { params: 7, results: WORD }, // a function of the session; returns the address of its result
    Signature { params: 1, results: &[] },  // post-return
    Signature { params: 4, results: WORD }, // cabi_realloc
    Signature { params: 2, results: WORD }, // classifier
    Signature { params: 7, results: &[] },
    Signature { params: 1, results: WORD },
    Signature { params: 1, results: &[ValType::I64] },
];

/// The signatures that a program with these features has, by type index.
pub fn signatures(features: Features) -> &'static [Signature] {
    if features.any(Features::SESSION) { &SIGNATURES } else { &SIGNATURES[..5] }
}

/// Index of the function that serves every `cabi_post_…` export.
pub const POST_RETURN: u32 = 5;
/// Index of `cabi_realloc`.
pub const REALLOC: u32 = 6;
const CLASSIFY: u32 = 7;

/// The name under which `cabi_realloc` is exported.
pub const REALLOC_NAME: &str = "cabi_realloc";
/// The name under which the memory is exported.
pub const MEMORY_NAME: &str = "memory";

/// The export name of the post-return function of `export`.
pub fn post_return_name(export: Export) -> String {
    format!("cabi_post_{}", export.name())
}

/// A function: the index of its type in `SIGNATURES` and its body.
pub struct Canonical {
    /// Index into `SIGNATURES`.
    pub signature: u32,
    /// Locals and code.
    pub body: Function,
}

/// All functions of a program in the order of their indices.
pub fn functions(features: Features) -> Vec<Canonical> {
    let result = |feature, address| {
        let body = match features.any(feature) {
            true => session::result(features, address),
            false => return_area(address),
        };
        Canonical { signature: 1, body }
    };
    let mut functions = vec![
        Canonical { signature: 0, body: validate_intent(features) },
        result(Features::KNOWLEDGE, KNOWLEDGE),
        result(Features::ACCESS, ACCESS),
        result(Features::CONTEXT, CONTEXT),
        result(Features::LENS, LENS),
        Canonical { signature: 2, body: post_return() },
        Canonical { signature: 3, body: realloc() },
    ];
    if has_classifier(features) {
        functions.push(Canonical { signature: 4, body: classify() });
    }
    if features.any(Features::SESSION) {
        functions.extend(session::functions(features));
    }
    functions
}

fn has_classifier(features: Features) -> bool {
    features.any(Features::WALKS.with(Features::MATCHES))
}

/// Bytes of a table's cell.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Width {
    One,
    Two,
}

/// A function with `locals` locals of type `i32` beyond its parameters.
fn function(locals: u32, write: impl FnOnce(&mut InstructionSink<'_>)) -> Function {
    let mut function = Function::new((locals > 0).then_some((locals, ValType::I32)));
    write(&mut function.instructions());
    function.instructions().end();
    function
}

/// A load at a constant offset, with no promise about alignment beyond the access's own.
fn at(offset: u32, align: u32) -> MemArg {
    MemArg { offset: u64::from(offset), align, target: MemArgTarget::Memory(0), ordering: None }
}

fn word(offset: u32) -> MemArg {
    at(offset, 2)
}

fn byte(offset: u32) -> MemArg {
    at(offset, 0)
}

/// The offset of a part's word in memory, by its position in [`Part::to_words`].
const fn field(position: u32) -> u32 {
    position * 4
}
const RANGES: u32 = field(0);
const RANGE_COUNT: u32 = field(1);
const TABLE: u32 = field(2);
const COLUMN: u32 = field(3);
const START: u32 = field(4);
const ALLOWED_END: u32 = field(5);
const DENIED_END: u32 = field(6);
const WIDTH: u32 = field(7);

fn number(decision: Decision) -> i32 {
    decision as i32
}

/// `context`, `lens`, `knowledge`, `access`: the result lies ready at a fixed address.
fn return_area(address: u32) -> Function {
    function(0, |code| {
        code.i32_const(address.cast_signed());
    })
}

/// Runs the parts in turn: the first that denies ends the run. Guarded ones are passed over where their guard does not hold.
fn validate_intent(features: Features) -> Function {
    let guarded = features.any(Features::GUARDS);
    if !guarded && !features.any(Features::WALKS) {
        return function(0, |code| {
            code.i32_const(0).i32_load(word(DEFAULT_DECISION));
        });
    }
    let (pointer, length) = (0, 1);
    let locals = Locals::AFTER_PARAMETERS;
    let Locals { position, end, part, .. } = locals;
    let (result, verdict, bits) = (Locals::NEXT, Locals::NEXT + 1, Locals::NEXT + 2);
    function(Locals::COUNT + if guarded { 4 } else { 2 }, |code| {
        if guarded {
            session::guards(code, features, bits, bits + 1);
        }
        code.i32_const(0).i32_load(word(PARTS)).local_set(part);
        code.i32_const(0).i32_load(word(DEFAULT_DECISION)).local_set(result);
        code.local_get(pointer).local_get(length).i32_add().local_set(end);
        code.loop_(BlockType::Empty);
        if guarded {
            code.local_get(part).i32_load(word(Part::GUARD)).local_get(bits).i32_and();
            code.local_get(part).i32_load(word(Part::GUARD + 4)).i32_eq().if_(BlockType::Empty);
        }
        code.local_get(pointer).local_set(position);
        walk_by_width(code, features, &locals, guarded);
        code.local_tee(verdict).i32_const(number(Decision::Denied)).i32_eq();
        code.if_(BlockType::Empty).i32_const(number(Decision::Denied)).return_().end();
        code.local_get(verdict)
            .local_get(result)
            .local_get(verdict)
            .i32_const(number(Decision::Allowed))
            .i32_eq();
        code.select().local_set(result);
        let size = if guarded { Part::GUARDED_SIZE } else { Part::SIZE };
        if guarded {
            code.end();
        }
        code.local_get(part).i32_const(size.cast_signed()).i32_add().local_tee(part);
        code.i32_const(0).i32_load(word(PARTS_END)).i32_lt_u().br_if(0);
        code.end();
        code.local_get(result);
    })
}

/// The walk that fits the part's cells; a part without a table, where there may be such, has its decision for its start.
fn walk_by_width(code: &mut InstructionSink<'_>, features: Features, locals: &Locals, constants: bool) {
    let widths = [(Features::NARROW, Width::One, 1), (Features::WIDE, Width::Two, 2)];
    let mut widths = widths.into_iter().filter(|&(feature, ..)| features.any(feature)).peekable();
    let mut open = 0;
    while let Some((_, width, bytes)) = widths.next() {
        if constants || widths.peek().is_some() {
            code.local_get(locals.part).i32_load(word(WIDTH)).i32_const(bytes).i32_eq();
            code.if_(BlockType::Result(ValType::I32));
            walk(code, locals, width);
            code.else_();
            open += 1;
        } else {
            walk(code, locals, width);
        }
    }
    if constants {
        code.local_get(locals.part).i32_load(word(START));
    }
    for _ in 0..open {
        code.end();
    }
}

/// The locals of a walk.
struct Locals {
    position: u32,
    end: u32,
    part: u32,
    state: u32,
    table: u32,
    column: u32,
    characters: u32,
    next: u32,
}

impl Locals {
    /// Behind the nine parameters of `validate-intent`.
    const AFTER_PARAMETERS: Self =
        Self { position: 9, end: 10, part: 11, state: 12, table: 13, column: 14, characters: 15, next: 16 };
    const COUNT: u32 = 8;
    const NEXT: u32 = 17;
}

/// Runs one part over the bytes from `position` to `end` and leaves its decision on the stack. Stops soon after the first sink.
///
/// ASCII goes by fours: one look at all of them, then four steps. Only the steps wait for each other, and not even they where four of
/// them lead back to the state that they began in: the branch lets the next four begin before these loads have come back, so that a
/// state that loops on itself is passed at the speed of many loads at once.
fn walk(code: &mut InstructionSink<'_>, locals: &Locals, width: Width) {
    let &Locals { position, end, part, state, table, column, characters, next } = locals;
    // Depths of the enclosing blocks, seen from inside the loop.
    const GROUP: u32 = 0;
    const ENDED: u32 = 1;
    const WALKED: u32 = 2;
    for (offset, local) in [(START, state), (TABLE, table), (COLUMN, column)] {
        code.local_get(part).i32_load(word(offset)).local_set(local);
    }
    // From a class on the stack and the state in a local to the next state on the stack. The class's column does not depend on the
    // state, so its address is known before.
    let step = |code: &mut InstructionSink<'_>, state| {
        code.local_get(column).i32_mul().local_get(table).i32_add().local_get(state).i32_add();
        match width {
            Width::One => code.i32_load8_u(byte(0)),
            Width::Two => code.i32_load16_u(at(0, 1)),
        };
    };
    // Goes on unless the state is a sink, whose number, scale apart, is its decision's.
    let go_on = |code: &mut InstructionSink<'_>, deeper| {
        let last_sink = SINKS.cast_signed() - 1;
        match width {
            Width::One => {
                code.local_get(state).i32_const(last_sink).i32_gt_u().br_if(GROUP + deeper).local_get(state)
            }
            Width::Two => code
                .local_get(state)
                .i32_const(last_sink * 2)
                .i32_gt_u()
                .br_if(GROUP + deeper)
                .local_get(state)
                .i32_const(1)
                .i32_shr_u(),
        };
        code.br(WALKED + deeper);
    };

    code.block(BlockType::Result(ValType::I32)).block(BlockType::Empty).loop_(BlockType::Empty);

    code.block(BlockType::Empty);
    code.local_get(end).local_get(position).i32_sub().i32_const(4).i32_lt_u().br_if(0);
    code.local_get(position).i32_load(at(0, 0)).local_tee(characters);
    code.i32_const(0x8080_8080_u32.cast_signed()).i32_and().br_if(0);
    for index in 0..4 {
        code.local_get(characters);
        if index > 0 {
            code.i32_const(8 * index).i32_shr_u();
        }
        if index < 3 {
            code.i32_const(0xFF).i32_and();
        }
        code.local_get(part).i32_add().i32_load8_u(byte(Part::MAP));
        step(code, if index == 0 { state } else { next });
        code.local_set(next);
    }
    code.local_get(position).i32_const(4).i32_add().local_set(position);
    code.local_get(next).local_get(state).i32_eq().br_if(GROUP + 1);
    code.local_get(next).local_set(state);
    go_on(code, 1);
    code.end();

    code.local_get(position).local_get(end).i32_ge_u().br_if(ENDED);
    code.local_get(position).i32_load8_u(byte(0)).local_tee(characters).i32_const(0x80).i32_lt_u();
    code.if_(BlockType::Result(ValType::I32));
    code.local_get(characters).local_get(part).i32_add().i32_load8_u(byte(Part::MAP));
    code.else_();
    code.local_get(position).local_get(part).call(CLASSIFY);
    // One byte of the sequence is passed below like any other; the rest here.
    code.local_get(position).i32_const(1).i32_add();
    code.local_get(characters).i32_const(0xE0).i32_ge_u().i32_add();
    code.local_get(characters).i32_const(0xF0).i32_ge_u().i32_add().local_set(position);
    code.end();
    step(code, state);
    code.local_set(state);
    code.local_get(position).i32_const(1).i32_add().local_set(position);
    go_on(code, 0);

    code.end().end();
    code.i32_const(number(Decision::Allowed));
    code.i32_const(number(Decision::Denied));
    code.i32_const(number(Decision::Unmatched));
    code.local_get(state).local_get(part).i32_load(word(DENIED_END)).i32_lt_u().select();
    code.local_get(state).local_get(part).i32_load(word(ALLOWED_END)).i32_lt_u().select();
    code.end();
}

/// Gives the whole heap back.
fn post_return() -> Function {
    function(0, |code| {
        code.i32_const(0).i32_load(word(HEAP_BASE)).global_set(0);
    })
}

/// A bump allocator that grows the memory and traps where it can't.
fn realloc() -> Function {
    let (old, old_size, align, new_size, pointer, missing) = (0, 1, 2, 3, 4, 5);
    function(2, |code| {
        code.global_get(0).local_get(align).i32_add().i32_const(1).i32_sub();
        code.i32_const(0).local_get(align).i32_sub().i32_and().local_tee(pointer);
        code.local_get(new_size).i32_add().global_set(0);
        code.global_get(0).local_get(pointer).i32_lt_u().if_(BlockType::Empty).unreachable().end();
        code.global_get(0);
        grow(code, missing);
        code.local_get(pointer).local_get(old);
        code.local_get(old_size)
            .local_get(new_size)
            .local_get(old_size)
            .local_get(new_size)
            .i32_lt_u()
            .select();
        code.memory_copy(0, 0);
        code.local_get(pointer);
    })
}

/// Sees to it that the memory reaches up to the address on the stack.
fn grow(code: &mut InstructionSink<'_>, missing: u32) {
    // Pages that it needs beyond those that there are; in 64 bits, so that nothing wraps.
    code.i64_extend_i32_u().i64_const(0xFFFF).i64_add().i64_const(16).i64_shr_u().i32_wrap_i64();
    code.memory_size(0).i32_sub().local_tee(missing).i32_const(0).i32_gt_s();
    code.if_(BlockType::Empty);
    code.local_get(missing).memory_grow(0).i32_const(-1).i32_eq();
    code.if_(BlockType::Empty).unreachable().end();
    code.end();
}

/// The class of the non-ASCII scalar at an address: decodes well-formed UTF-8, then searches the part's ranges.
fn classify() -> Function {
    let (address, part, scalar, low, high, middle) = (0, 1, 2, 3, 4, 5);
    function(4, |code| {
        // Adds the low six bits of the byte at `offset`.
        let continuation = |code: &mut InstructionSink<'_>, offset| {
            code.i32_const(6).i32_shl();
            code.local_get(address).i32_load8_u(byte(offset)).i32_const(0x3F).i32_and().i32_or();
        };
        code.local_get(address).i32_load8_u(byte(0)).local_tee(scalar).i32_const(0xE0).i32_lt_u();
        code.if_(BlockType::Result(ValType::I32));
        code.local_get(scalar).i32_const(0x1F).i32_and();
        continuation(code, 1);
        code.else_();
        code.local_get(scalar).i32_const(0xF0).i32_lt_u();
        code.if_(BlockType::Result(ValType::I32));
        code.local_get(scalar).i32_const(0x0F).i32_and();
        continuation(code, 1);
        continuation(code, 2);
        code.else_();
        code.local_get(scalar).i32_const(0x07).i32_and();
        continuation(code, 1);
        continuation(code, 2);
        continuation(code, 3);
        code.end().end();
        let class_mask = (1 << CLASS_BITS) - 1;
        code.i32_const(CLASS_BITS.cast_signed()).i32_shl().i32_const(class_mask).i32_or().local_set(scalar);
        // The last entry not above the scalar, between `low` (whose entry is not above it) and `high` (past it).
        code.local_get(part).i32_load(word(RANGES)).local_set(low);
        code.local_get(low).local_get(part).i32_load(word(RANGE_COUNT)).i32_const(2).i32_shl().i32_add();
        code.local_set(high);
        code.block(BlockType::Empty).loop_(BlockType::Empty);
        code.local_get(high).local_get(low).i32_sub().i32_const(8).i32_lt_u().br_if(1);
        code.local_get(low).local_get(high).local_get(low).i32_sub().i32_const(3).i32_shr_u();
        code.i32_const(2).i32_shl().i32_add().local_tee(middle);
        code.i32_load(word(0)).local_get(scalar).i32_le_u();
        code.if_(BlockType::Empty).local_get(middle).local_set(low);
        code.else_().local_get(middle).local_set(high).end();
        code.br(0).end().end();
        code.local_get(low).i32_load(word(0)).i32_const(class_mask).i32_and();
    })
}
