//! The canonical code of what depends on the session: binding it, conditions, guarded lists, templates.

mod text;

use wasm_encoder::{BlockType, Function, InstructionSink, ValType};

use super::{Canonical, Locals, Width, function, grow, has_classifier, walk, word};
use crate::Decision;
use crate::program::{
    ACCESS, FORM_SIZE, FORMS, Features, GRANT_SIZE, GUARD_SIZE, GUARDS, KNOWLEDGE, OPERATION_SIZE, PAIR_SIZE,
    PARAM_SIZE, PARAMS, RING_NAME, RING_NAMES, SCRATCH, SESSION, SESSION_PARAMS, SESSION_RING, SLOTS,
    STRING_SIZE, show, test,
};

/// A function that is there where the session is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Stores the session's seven words and fills every volatile word.
    Bind,
    /// Sees to it that the memory reaches up to an address.
    Reserve,
    /// Whether the texts at two addresses are the same.
    Same,
    /// Puts a text in another form into a slot.
    Reshape,
    /// The number that a text is, or `i64::MIN`.
    Number,
    /// Whether a text is allowed by an automaton.
    Matches,
    /// Whether a condition holds.
    Holds,
    /// The elements of a guarded list that are there.
    Filter,
    /// What a template comes to.
    Render,
}

impl Part {
    /// All of them in the order of their indices, with the index of the signature and what needs them.
    const ALL: [(Self, u32, Features); 9] = [
        (Self::Bind, 5, Features::SESSION),
        (Self::Reserve, 2, Features::LISTS.with(Features::TEMPLATES).with(Features::FORMS)),
        (Self::Same, 4, Features::PARAMS.with(Features::EQUAL)),
        (Self::Reshape, 4, Features::FORMS),
        (Self::Number, 7, Features::LESS),
        (Self::Matches, 4, Features::MATCHES),
        (Self::Holds, 6, Features::CONDITIONS),
        (Self::Filter, 4, Features::LISTS),
        (Self::Render, 6, Features::TEMPLATES),
    ];

    fn needed(features: Features) -> impl Iterator<Item = (Self, u32)> {
        Self::ALL
            .into_iter()
            .filter(move |&(.., need)| features.any(need))
            .map(|(part, signature, _)| (part, signature))
    }

    /// The index of the function; it is called only where it is there.
    fn index(self, features: Features) -> u32 {
        let before = Self::needed(features).zip(0..).find(|((part, _), _)| *part == self);
        let (_, before) = before.expect("a body calls what its features need");
        super::CLASSIFY + u32::from(has_classifier(features)) + before
    }
}

/// The functions in the order of their indices.
pub(super) fn functions(features: Features) -> impl Iterator<Item = Canonical> {
    Part::needed(features).map(move |(part, signature)| {
        let body = match part {
            Part::Bind => bind(features),
            Part::Reserve => function(1, |code| {
                code.local_get(0);
                grow(code, 1);
            }),
            Part::Same => text::same(),
            Part::Reshape => text::reshape(Part::Reserve.index(features)),
            Part::Number => text::number(),
            Part::Matches => matches(features),
            Part::Holds => holds(features),
            Part::Filter => filter(features),
            Part::Render => render(features),
        };
        Canonical { signature, body }
    })
}

/// A function of the session whose result is built: its parameters are the session's words.
pub(super) fn result(features: Features, address: u32) -> Function {
    function(0, |code| {
        (0..7).for_each(|param| _ = code.local_get(param));
        code.call(Part::Bind.index(features));
        match address {
            KNOWLEDGE | ACCESS => {
                let size = if address == KNOWLEDGE { STRING_SIZE } else { GRANT_SIZE };
                code.i32_const(address.cast_signed()).i32_const(size.cast_signed());
                code.call(Part::Filter.index(features));
            }
            _ => {
                code.i32_const(0).i32_load(word(address)).call(Part::Render.index(features));
            }
        }
    })
}

/// Binds the session that follows two parameters, and collects the bits of the guarding conditions.
pub(super) fn guards(code: &mut InstructionSink<'_>, features: Features, bits: u32, index: u32) {
    (2..9).for_each(|param| _ = code.local_get(param));
    code.call(Part::Bind.index(features));
    code.i32_const(0).i32_load(word(GUARDS + 4)).local_set(index);
    // From the last to the first, so that the first one's bit is the lowest.
    code.loop_(BlockType::Empty);
    code.local_get(index).i32_const(1).i32_sub().local_tee(index).i32_const(2).i32_shl();
    code.i32_const(0).i32_load(word(GUARDS)).i32_add().i32_load(word(0)).call(Part::Holds.index(features));
    code.local_get(bits).i32_const(1).i32_shl().i32_or().local_set(bits);
    code.local_get(index).br_if(0).end();
}

fn bind(features: Features) -> Function {
    let (at, end, slot, entry) = (7, 8, 9, 10);
    function(4, |code| {
        for param in 0..7 {
            code.i32_const(0).local_get(param).i32_store(word(SESSION + 4 * param));
        }
        code.i32_const(0).global_get(0).i32_store(word(SCRATCH));
        // A pair goes as one number of 64 bits.
        code.i32_const(0).i32_const(0).i32_load(word(SESSION_RING)).i32_const(3).i32_shl();
        code.i64_load(word(RING_NAMES)).i64_store(word(RING_NAME));
        code.i32_const(SLOTS.cast_signed()).local_set(slot);
        if features.any(Features::PARAMS) {
            each(code, PARAMS, PARAM_SIZE, at, end, |code| {
                code.local_get(slot).local_get(at).i64_load(word(PAIR_SIZE)).i64_store(word(0));
                // From the last to the first, so that the first of a name stands.
                let (list, count) = (word(SESSION_PARAMS), word(SESSION_PARAMS + 4));
                code.i32_const(0).i32_load(list);
                code.i32_const(0).i32_load(count).i32_const(4).i32_shl().i32_add().local_set(entry);
                code.block(BlockType::Empty).loop_(BlockType::Empty);
                code.local_get(entry).i32_const(0).i32_load(list).i32_eq().br_if(1);
                code.local_get(entry).i32_const(PARAM_SIZE.cast_signed()).i32_sub().local_tee(entry);
                code.local_get(at).call(Part::Same.index(features)).if_(BlockType::Empty);
                code.local_get(slot).local_get(entry).i64_load(word(PAIR_SIZE)).i64_store(word(0)).end();
                code.br(0).end().end();
                next(code, slot, PAIR_SIZE);
            });
        }
        if features.any(Features::FORMS) {
            each(code, FORMS, FORM_SIZE, at, end, |code| {
                code.local_get(at).local_get(slot).call(Part::Reshape.index(features)).drop();
                next(code, slot, PAIR_SIZE);
            });
        }
    })
}

fn next(code: &mut InstructionSink<'_>, local: u32, size: u32) {
    code.local_get(local).i32_const(size.cast_signed()).i32_add().local_set(local);
}

/// Goes through the list whose pair lies at a constant address.
fn each(
    code: &mut InstructionSink<'_>,
    list: u32,
    size: u32,
    at: u32,
    end: u32,
    body: impl FnOnce(&mut InstructionSink<'_>),
) {
    code.i32_const(0).i32_load(word(list)).local_tee(at);
    code.i32_const(0)
        .i32_load(word(list + 4))
        .i32_const(size.cast_signed())
        .i32_mul()
        .i32_add()
        .local_set(end);
    code.block(BlockType::Empty).loop_(BlockType::Empty);
    code.local_get(at).local_get(end).i32_eq().br_if(1);
    body(code);
    next(code, at, size);
    code.br(0).end().end();
}

/// Whether the text at an address is allowed by a part.
fn matches(features: Features) -> Function {
    let (text, part) = (0, 1);
    let locals = Locals { position: 2, end: 3, part, state: 4, table: 5, column: 6, characters: 7, next: 8 };
    function(Locals::COUNT - 1, |code| {
        code.local_get(text).i32_load(word(0)).local_tee(locals.position);
        code.local_get(text).i32_load(word(4)).i32_add().local_set(locals.end);
        let narrow = features.any(Features::MATCH_NARROW);
        if narrow && features.any(Features::MATCH_WIDE) {
            code.local_get(part).i32_load(word(super::WIDTH)).i32_const(1).i32_eq();
            code.if_(BlockType::Result(ValType::I32));
            walk(code, &locals, Width::One);
            code.else_();
            walk(code, &locals, Width::Two);
            code.end();
        } else {
            walk(code, &locals, if narrow { Width::One } else { Width::Two });
        }
        code.i32_const(Decision::Allowed as i32).i32_eq();
    })
}

/// Runs a condition. The stack is a word, its top the lowest bit.
fn holds(features: Features) -> Function {
    let (at, stack, value) = (0, 1, 2);
    /// Depths from inside the blocks of the operations that push.
    const OPERATIONS: u32 = 8;
    function(2, |code| {
        // To the operations, the push, the next operation.
        code.loop_(BlockType::Empty).block(BlockType::Empty).block(BlockType::Empty);
        (0..OPERATIONS).for_each(|_| _ = code.block(BlockType::Empty));
        code.local_get(at).i32_load(word(0));
        code.br_table((0..OPERATIONS - 1).collect::<Vec<_>>(), OPERATIONS - 1);
        for operation in 0..OPERATIONS {
            code.end();
            let operands = |code: &mut InstructionSink<'_>| {
                code.local_get(at).i32_load(word(4)).local_get(at).i32_load(word(8));
            };
            // What is still open inside of the push.
            let push = OPERATIONS - 1 - operation;
            let (next, pushed) = (push + 1, |code: &mut InstructionSink<'_>| {
                code.local_set(value).br(push);
            });
            match operation {
                test::END => _ = code.local_get(stack).return_(),
                test::RING => {
                    code.local_get(at).i32_load(word(4)).i32_const(0).i32_load(word(SESSION_RING));
                    code.i32_shr_u().i32_const(1).i32_and();
                    pushed(code);
                }
                test::EQUAL if features.any(Features::EQUAL) => {
                    operands(code);
                    code.call(Part::Same.index(features));
                    pushed(code);
                }
                test::LESS if features.any(Features::LESS) => {
                    let number = Part::Number.index(features);
                    // What is no number is the least there is: not less than itself, and here less than nothing.
                    let operand = |code: &mut InstructionSink<'_>, offset| {
                        code.local_get(at).i32_load(word(offset)).call(number);
                    };
                    operand(code, 4);
                    operand(code, 8);
                    code.i64_lt_s();
                    operand(code, 4);
                    code.i64_const(i64::MIN).i64_ne().i32_and();
                    pushed(code);
                }
                test::MATCH if features.any(Features::MATCHES) => {
                    operands(code);
                    code.call(Part::Matches.index(features));
                    pushed(code);
                }
                test::NOT => {
                    code.local_get(stack).i32_const(1).i32_xor().local_set(stack).br(next);
                }
                test::AND => {
                    code.local_get(stack).i32_const(1).i32_shr_u();
                    code.local_get(stack).i32_const(-2).i32_or().i32_and().local_set(stack).br(next);
                }
                test::OR => {
                    code.local_get(stack).i32_const(1).i32_shr_u();
                    code.local_get(stack).i32_const(1).i32_and().i32_or().local_set(stack).br(next);
                }
                _ => _ = code.unreachable(),
            }
        }
        code.end();
        code.local_get(stack).i32_const(1).i32_shl().local_get(value).i32_or().local_set(stack);
        code.end();
        next(code, at, OPERATION_SIZE);
        code.br(0).end();
        code.unreachable();
    })
}

/// Copies the elements that are there behind a pair in scratch memory; returns the pair's address.
fn filter(features: Features) -> Function {
    let (list, size, result, out, at, left) = (0, 1, 2, 3, 4, 5);
    function(4, |code| {
        code.local_get(list).i32_load(word(4)).local_set(left);
        begin(code, result, out);
        code.local_get(out).local_get(left).local_get(size).i32_mul().i32_add();
        code.call(Part::Reserve.index(features));
        code.local_get(list).i32_load(word(0)).local_set(at);
        code.local_get(result).local_get(out).i32_store(word(0));
        code.local_get(result).i32_const(0).i32_store(word(4));
        code.block(BlockType::Empty).loop_(BlockType::Empty);
        code.local_get(left).i32_eqz().br_if(1);
        code.local_get(at).i32_load(word(0)).i32_eqz();
        if features.any(Features::CONDITIONS) {
            code.if_(BlockType::Result(ValType::I32)).i32_const(1).else_();
            code.local_get(at).i32_load(word(0)).call(Part::Holds.index(features)).end();
        }
        code.if_(BlockType::Empty);
        code.local_get(out).local_get(at).i32_const(GUARD_SIZE.cast_signed()).i32_add().local_get(size);
        code.memory_copy(0, 0);
        code.local_get(out).local_get(size).i32_add().local_set(out);
        code.local_get(result).local_get(result).i32_load(word(4)).i32_const(1).i32_add().i32_store(word(4));
        code.end();
        code.local_get(at)
            .i32_const(GUARD_SIZE.cast_signed())
            .i32_add()
            .local_get(size)
            .i32_add()
            .local_set(at);
        code.local_get(left).i32_const(1).i32_sub().local_set(left);
        code.br(0).end().end();
        code.local_get(result);
    })
}

/// A pair at the beginning of scratch memory, and what follows it: where the result goes.
fn begin(code: &mut InstructionSink<'_>, result: u32, out: u32) {
    code.i32_const(0).i32_load(word(SCRATCH)).i32_const(7).i32_add().i32_const(-8).i32_and();
    code.local_tee(result).i32_const(PAIR_SIZE.cast_signed()).i32_add().local_set(out);
}

/// Appends what a template shows behind a pair in scratch memory; returns the pair's address.
fn render(features: Features) -> Function {
    let (at, result, out, length) = (0, 1, 2, 3);
    function(3, |code| {
        begin(code, result, out);
        code.local_get(out).call(Part::Reserve.index(features));
        code.local_get(result).local_get(out).i32_store(word(0));
        code.loop_(BlockType::Empty).block(BlockType::Empty);
        (0..4).for_each(|_| _ = code.block(BlockType::Empty));
        code.local_get(at).i32_load(word(0)).br_table([show::END, show::TEXT, show::UNLESS], show::JUMP);
        code.end();
        code.local_get(result)
            .local_get(out)
            .local_get(result)
            .i32_load(word(0))
            .i32_sub()
            .i32_store(word(4));
        code.local_get(result).return_();
        code.end();
        code.local_get(out).local_get(at).i32_load(word(4)).i32_load(word(4)).local_tee(length).i32_add();
        code.call(Part::Reserve.index(features));
        code.local_get(out)
            .local_get(at)
            .i32_load(word(4))
            .i32_load(word(0))
            .local_get(length)
            .memory_copy(0, 0);
        code.local_get(out).local_get(length).i32_add().local_set(out).br(2);
        code.end();
        if features.any(Features::CONDITIONS) {
            code.local_get(at).i32_load(word(4)).call(Part::Holds.index(features)).br_if(1);
        }
        code.end();
        code.local_get(at).i32_load(word(8)).local_set(at).br(1);
        code.end();
        next(code, at, OPERATION_SIZE);
        code.br(0).end();
        code.unreachable();
    })
}
