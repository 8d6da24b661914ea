//! What is done with texts: each is given by the address of its pair.

use wasm_encoder::{BlockType, Function, InstructionSink, ValType};

use super::super::{byte, function, word};
use crate::program::{SCRATCH, form};

/// Whether two texts are the same.
pub(super) fn same() -> Function {
    let (first, second, left) = (0, 1, 2);
    function(1, |code| {
        code.local_get(first).i32_load(word(4)).local_tee(left);
        code.local_get(second).i32_load(word(4)).i32_ne().if_(BlockType::Empty).i32_const(0).return_().end();
        code.local_get(first).i32_load(word(0)).local_set(first);
        code.local_get(second).i32_load(word(0)).local_set(second);
        code.block(BlockType::Empty).loop_(BlockType::Empty);
        code.local_get(left).i32_eqz().br_if(1);
        code.local_get(left).i32_const(1).i32_sub().local_tee(left);
        code.local_get(first).i32_add().i32_load8_u(byte(0));
        code.local_get(left).local_get(second).i32_add().i32_load8_u(byte(0)).i32_eq().br_if(0);
        code.i32_const(0).return_().end().end();
        code.i32_const(1);
    })
}

/// Takes the address of a text in another form (source, form) and of its slot, and fills the slot. The result means nothing.
pub(super) fn reshape(reserve: u32) -> Function {
    let (shape, slot, pointer, length, out, index, letter) = (0, 1, 2, 3, 4, 5, 6);
    function(5, |code| {
        code.local_get(shape).i32_load(word(0)).local_tee(out).i32_load(word(0)).local_set(pointer);
        code.local_get(out).i32_load(word(4)).local_set(length);
        code.local_get(shape).i32_load(word(4)).i32_const(form::TRIM.cast_signed()).i32_eq();
        code.if_(BlockType::Empty);
        for at_end in [false, true] {
            code.block(BlockType::Empty).loop_(BlockType::Empty);
            code.local_get(length).i32_eqz().br_if(1);
            code.local_get(pointer);
            if at_end {
                code.local_get(length).i32_add().i32_const(1).i32_sub();
            }
            code.i32_load8_u(byte(0)).local_tee(letter);
            is_white(code, letter);
            code.i32_eqz().br_if(1);
            if !at_end {
                code.local_get(pointer).i32_const(1).i32_add().local_set(pointer);
            }
            code.local_get(length).i32_const(1).i32_sub().local_set(length);
            code.br(0).end().end();
        }
        code.else_();
        code.i32_const(0).i32_load(word(SCRATCH)).local_tee(out).local_get(length).i32_add().local_tee(index);
        code.call(reserve);
        code.i32_const(0).local_get(index).i32_store(word(SCRATCH));
        code.i32_const(0).local_set(index);
        code.block(BlockType::Empty).loop_(BlockType::Empty);
        code.local_get(index).local_get(length).i32_eq().br_if(1);
        code.local_get(out).local_get(index).i32_add();
        code.local_get(pointer).local_get(index).i32_add().i32_load8_u(byte(0)).local_tee(letter);
        code.local_get(letter).local_get(shape).i32_load(word(4)).i32_sub().i32_const(26).i32_lt_u();
        code.i32_const(5).i32_shl().i32_xor().i32_store8(byte(0));
        code.local_get(index).i32_const(1).i32_add().local_set(index);
        code.br(0).end().end();
        code.local_get(out).local_set(pointer);
        code.end();
        code.local_get(slot).local_get(pointer).i32_store(word(0));
        code.local_get(slot).local_get(length).i32_store(word(4));
        code.local_get(slot);
    })
}

/// From a byte on the stack, which is also in a local, to whether it is ASCII white space.
fn is_white(code: &mut InstructionSink<'_>, letter: u32) {
    let spaces = [b'\t', b'\n', b'\x0C', b'\r', b' '].iter().fold(0, |all, space| all | 1_i64 << space);
    code.i32_const(32).i32_le_u();
    code.i64_const(spaces).local_get(letter).i64_extend_i32_u().i64_shr_u().i32_wrap_i64().i32_and();
}

/// The number that a text is, as `masque_ir::Test::Less` says, or `i64::MIN`.
pub(super) fn number() -> Function {
    let (at, end, first, groups, negative, value, group, all) = (0, 1, 2, 3, 4, 5, 6, 7);
    let locals = [(4, ValType::I32), (3, ValType::I64)];
    let mut function = Function::new(locals);
    let code = &mut function.instructions();
    let none = |code: &mut InstructionSink<'_>| {
        code.if_(BlockType::Empty).i64_const(i64::MIN).return_().end();
    };
    // Whether there is another byte and it is this one.
    let is = |code: &mut InstructionSink<'_>, letter: u8| {
        code.local_get(at).local_get(end).i32_lt_u().if_(BlockType::Result(ValType::I32));
        code.local_get(at).i32_load8_u(byte(0)).i32_const(letter.into()).i32_eq();
        code.else_().i32_const(0).end();
    };
    code.local_get(at).i32_load(word(0)).local_get(at).i32_load(word(4)).i32_add().local_set(end);
    code.local_get(at).i32_load(word(0)).local_set(at);
    is(code, b'-');
    code.local_tee(negative).local_get(at).i32_add().local_set(at);
    code.loop_(BlockType::Empty);
    code.local_get(at).local_set(first).i64_const(0).local_set(group);
    code.block(BlockType::Empty).loop_(BlockType::Empty);
    code.local_get(at).local_get(end).i32_ge_u().br_if(1);
    code.local_get(at)
        .i32_load8_u(byte(0))
        .i32_const(b'0'.into())
        .i32_sub()
        .i32_const(10)
        .i32_ge_u()
        .br_if(1);
    code.local_get(group).i64_const(10).i64_mul();
    code.local_get(at).i32_load8_u(byte(0)).i32_const(b'0'.into()).i32_sub().i64_extend_i32_u();
    code.i64_add().local_tee(group).i64_const(1 << 53).i64_ge_u();
    none(code);
    code.local_get(at).i32_const(1).i32_add().local_set(at);
    code.br(0).end().end();
    code.local_get(at).local_get(first).i32_eq();
    none(code);
    code.local_get(value).i64_const(20).i64_shl().local_get(group).i64_add().local_set(value);
    code.local_get(all).local_get(group).i64_or().local_set(all);
    code.local_get(groups).i32_const(1).i32_add().local_set(groups);
    is(code, b'.');
    code.if_(BlockType::Empty);
    code.local_get(at).i32_const(1).i32_add().local_set(at);
    code.local_get(groups).i32_const(3).i32_lt_u().br_if(1).i64_const(i64::MIN).return_();
    code.end().end();
    code.local_get(groups).i32_const(1).i32_gt_u();
    code.local_get(all).i64_const(20).i64_shr_u().i64_const(0).i64_ne().i32_and();
    none(code);
    is(code, b's');
    code.local_get(at).i32_add().local_get(end).i32_ne();
    none(code);
    code.i64_const(0).local_get(value).i64_sub().local_get(value).local_get(negative).select().end();
    function
}
