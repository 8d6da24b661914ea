/**
 * The masque language for editors.
 *
 * `../masque.pest` is the definition; its names are used here, and a test holds both to one corpus. What differs: the holes of `lens` and
 * `context` are a part of the tree here (the compiler reads them afterwards), and what is no item or statement is left to tree-sitter's own
 * recovery.
 */

/// <reference types="tree-sitter-cli/dsl" />
// @ts-check

const NAME = /[A-Za-z_][A-Za-z0-9_-]*/;

/**
 * Nothing: these words are no names where names may stand, as a name would hide that something is missing. They have to be known there to
 * be told from names; what would have to follow never does.
 */
const none_of = ($, words) => seq(choice(...words), $.impossible);

/** Words that no expression begins with. */
const OPERATORS = ['and', 'or', 'in', 'matches', 'when', 'because'];

/** Words that no set goes by. */
const STATEMENTS = [
  'allow', 'deny', 'match', 'clauses', 'unmatched', 'knowledge', 'access', 'lens', 'context', 'contains', 'lacks', 'input', 'vault', 'when',
  'because',
];

/** A name that follows its separator directly. */
const next_name = ($) => alias(token.immediate(NAME), $.name);

/** `first` and any number more, with commas between them. */
const listed = (first) => seq(first, repeat(seq(',', first)));

/** `[a, b,]`, empty or not. */
const bracketed = (member) => seq('[', optional(seq(listed(member), optional(','))), ']');

/** A block of statements, between which commas may stand where the language lets them. */
const block = (...statements) => seq('{', repeat(choice(...statements)), '}');

/**
 * The pieces of a template, and what an `{if}` makes of them. There are two kinds, because text in one line and text in a block end and
 * escape differently; both give the same nodes.
 */
function template_rules(kind, escape) {
  const rule = ($, name) => $[`_${kind}_${name}`];
  const pieces = ($) => repeat(rule($, 'piece'));
  // The scanner tells the brace of `{else}` and `{end}` from that of other holes, so that one sign decides whether a branch goes on.
  const hole = ($) => alias(rule($, 'hole'), '{');
  const branch = ($) => alias(rule($, 'branch'), '{');
  return {
    [`_${kind}_piece`]: ($) =>
      choice(
        alias(rule($, 'template_text'), $.template_text),
        escape($),
        alias(token.immediate(prec(1, '{{')), $.brace),
        alias(token.immediate(prec(1, '}}')), $.brace),
        alias(rule($, 'value'), $.interpolation),
        alias(rule($, 'conditional'), $.conditional),
      ),
    [`_${kind}_value`]: ($) => seq(hole($), $._expression, '}'),
    [`_${kind}_conditional`]: ($) =>
      seq(
        alias(rule($, 'if'), $.if_tag),
        pieces($),
        repeat(seq(alias(rule($, 'else_if'), $.else_if_tag), pieces($))),
        optional(seq(alias(rule($, 'else'), $.else_tag), pieces($))),
        alias(rule($, 'end'), $.end_tag),
      ),
    [`_${kind}_if`]: ($) => seq(hole($), 'if', field('condition', $._expression), '}'),
    [`_${kind}_else_if`]: ($) => seq(branch($), 'else', 'if', field('condition', $._expression), '}'),
    [`_${kind}_else`]: ($) => seq(branch($), 'else', '}'),
    [`_${kind}_end`]: ($) => seq(branch($), 'end', '}'),
  };
}

export default grammar({
  name: 'masque',

  word: ($) => $.name,

  extras: ($) => [/[ \t\r\n\uFEFF]/, $.comment],

  externals: ($) => [
    // Between the name of a field and its value, which begins on the same line; nothing, where the value is not a word.
    $._gap,
    // Behind the name of a field that has no value.
    $._no_value,
    // The brace of a hole that ends in the text that it stands in.
    $._line_hole,
    $._block_hole,
    // The same, of `{else}`, `{else if …}` and `{end}`.
    $._line_branch,
    $._block_branch,
    // A quote in a block that does not begin the three that close it.
    $._quote,
    // Never given: where the scanner is asked for it, the parser looks for a way out of a mistake.
    $.impossible,
  ],

  rules: {
    file: ($) => repeat(choice($.use_item, $.set_item, $.masque, $.library)),

    // Files

    use_item: ($) => seq('use', field('library', $.reference), optional(seq('as', field('name', $.name)))),
    set_item: ($) => seq('set', field('name', $.name), optional($.because), block($.member, ',')),
    member: ($) => prec.right(seq(choice($.pattern, $.set_path), optional($.because))),
    library: ($) => seq('library', field('name', $.title), block($.library_version, $.library_about, $.set_item, $._no_word)),
    library_version: ($) => seq('version', $.bare),
    library_about: ($) => seq('about', $.string),
    masque: ($) => seq('masque', field('name', $.title), optional(seq('extends', field('parent', $.reference))), block($._item)),
    title: ($) => choice($.string, $.name),
    reference: ($) => choice($.string, $.bare_reference),
    bare_reference: (_) => /[A-Za-z0-9_\-.\/@^~=<>*]+/,

    // Items

    _item: ($) =>
      choice(
        $.param, $.let_item, $.intent, $.knowledge, $.access, $.prose, $.ensure, $.widen, $.test, $.skills, $.field, $.bare_field,
      ),
    param: ($) => seq(
        'param',
        field('name', $.name),
        ':',
        field('type', $.param_type),
        optional(seq('=', field('default', $._expression))),
      ),
    param_type: ($) => choice(seq($.string, repeat(seq('|', $.string))), $.name),
    let_item: ($) => seq('let', field('name', $.name), '=', field('value', $._expression)),

    intent: ($) => seq('intent', block($.rule_statement, $.match_mode, $.clauses, $._no_word)),
    match_mode: ($) => seq('match', $.name),
    clauses: ($) => seq('clauses', $.name),
    rule_statement: ($) =>
      seq(choice(seq('allow', optional('also')), 'deny'), listed($.rule_pattern), repeat(choice($.when, $.because))),
    rule_pattern: ($) => choice($.pattern, $.set_path),
    pattern: ($) => seq(optional(choice('exact', 'verb')), $.string),
    when: ($) => seq('when', field('condition', $._expression)),
    because: ($) => seq('because', $.string),

    knowledge: ($) => seq('knowledge', block($.pointer, ',')),
    pointer: ($) => seq(choice($.uri, $.string, $._no_word), optional($.when)),
    // Nothing: a word stands where no statement begins with it. It is known so that it does not end its block, and so that `whenever` is
    // not read as `when` and `ever`.
    _no_word: ($) => seq($.name, $.impossible),
    access: ($) => seq('access', block($.grant, ',', $._no_word)),
    grant: ($) => seq('vault', $.string, 'for', $.ttl, optional($.when)),
    ttl: ($) => choice($.string, $.duration, 'session'),

    prose: ($) => seq(choice('context', 'lens'), $.template),
    ensure: ($) => seq('ensure', choice('never', 'always'), $.rule_pattern, optional($.when)),
    widen: ($) => seq('widen', $.name),

    skills: ($) => seq('skills', choice($.list, block($.skill, ',', $._no_word))),
    skill: ($) => seq(choice($.uri, $.string), optional(seq(':', field('level', $.bare)))),

    test: ($) =>
      seq(
        'test',
        optional(field('name', $.string)),
        optional($.given),
        block(
          $.expect_intents, $.expect_knowledge, $.expect_access, $.expect_text, $.test_input, $.expect_answer, $._no_word,
        ),
      ),
    given: ($) => seq('given', listed($.setting)),
    setting: ($) => seq(field('name', $.name), '=', field('value', choice($.string, $.duration, $.bare))),
    expect_intents: ($) =>
      seq(
        choice('allow', 'deny', 'unmatched'),
        listed($.string),
        optional(seq('because', choice($.string, $.set_path))),
      ),
    expect_knowledge: ($) => seq('knowledge', bracketed(choice($.uri, $.string))),
    expect_access: ($) => seq('access', bracketed($.expect_grant)),
    expect_grant: ($) => seq('vault', $.string, optional(seq('for', $.ttl))),
    expect_text: ($) => seq(choice('lens', 'context'), choice('contains', 'lacks'), $.string),
    test_input: ($) => seq('input', $.string),
    expect_answer: ($) => seq(choice('contains', 'lacks'), $.string),

    // Describing fields: a name and plain data.

    field: ($) => seq(field('name', alias($.name, $.field_name)), $._gap, field('value', $._data)),
    bare_field: ($) => seq(field('name', alias($.name, $.field_name)), $._no_value),
    _data: ($) => choice($.string, $.list, $.map, $.uri, $.bare),
    list: ($) => bracketed($._data),
    map: ($) => seq('{', optional(seq($.entry, repeat(seq(optional(','), $.entry)), optional(','))), '}'),
    entry: ($) => seq(field('key', $.key), ':', field('value', $._data)),
    key: ($) => choice($.string, $.uri, $.name),

    // Expressions

    _expression: ($) => choice($.or_expression, $._conjunction),
    or_expression: ($) => prec.left(1, seq($._conjunction, repeat1(seq('or', $._conjunction)))),
    _conjunction: ($) => choice($.and_expression, $._negation),
    and_expression: ($) => prec.left(2, seq($._negation, repeat1(seq('and', $._negation)))),
    _negation: ($) => choice($.not_expression, $._comparison),
    not_expression: ($) => seq(repeat1('not'), $._comparison),
    _comparison: ($) => choice($.comparison, $._primary),
    comparison: ($) =>
      seq($._primary, choice(seq('matches', choice($.string, $.set_path)), seq($.operator, $._primary))),
    operator: (_) => choice('==', '!=', '<=', '>=', '<', '>', 'in'),
    _primary: ($) =>
      choice(
        // Texts of expressions have holes, patterns behind `matches` have not.
        alias($.template, $.string),
        alias($.escaped_string, $.string),
        $.array,
        $.parenthesized,
        $.duration,
        $.version,
        $.integer,
        $.truth,
        $.set_value,
        $.call,
        $.path,
        $._no_number,
      ),
    // Nothing, for the same reason: `15minutes`.
    _no_operand: ($) => none_of($, OPERATORS),
    _no_set: ($) => none_of($, STATEMENTS),
    _no_number: ($) => seq($._digits, $.impossible),
    parenthesized: ($) => seq('(', $._expression, ')'),
    array: ($) => bracketed($._expression),
    call: ($) => seq(field('function', $.name), '(', optional(seq(listed($._expression), optional(','))), ')'),
    path: ($) => seq(choice($.name, $._no_operand), repeat(seq(token.immediate('.'), next_name($)))),
    truth: (_) => choice('true', 'false'),
    integer: (_) => /-?[0-9]+/,
    version: (_) => /[0-9]+\.[0-9]+\.[0-9]+([-+][A-Za-z0-9.+-]+)?/,
    duration: (_) => {
      const unit = /(week|day|hour|minute|second)s?/;
      const blank = /[ \t]+/;
      const part = seq(/[0-9]+/, blank, unit);
      return token(
        choice(
          /P[T0-9][0-9A-Z]*/,
          /([0-9]+[wdhms])+/,
          seq(part, repeat(seq(blank, optional(seq('and', blank)), part))),
        ),
      );
    },

    _digits: (_) =>
      token(choice(/[0-9][A-Za-z0-9_.-]*/, /[0-9]+[ \t]+(week|day|hour|minute|second)s?[A-Za-z0-9_-]+/)),

    // Tokens

    name: (_) => NAME,
    set_path: ($) => seq(choice($.name, $._no_set), repeat(seq(token.immediate('/'), next_name($)))),
    // No value; the compiler says so.
    set_value: (_) => token(/[A-Za-z_][A-Za-z0-9_-]*(\/[A-Za-z_][A-Za-z0-9_-]*)+/),
    // A colon belongs to it unless it is the last sign before a blank.
    uri: (_) => /[A-Za-z][A-Za-z0-9+.-]*:\/\/([^\s,"{}\[\]:]|:+[^\s,"{}\[\]:])*/,
    bare: (_) => /[A-Za-z0-9_\-+.\/@*$~\u{80}-\u{10FFFF}]+/u,
    comment: (_) => token(prec(-1, /#[^\n]*/)),

    string: ($) => choice($._line, $._block),
    _line: ($) =>
      seq('"', repeat(choice($._line_text, $.escape_sequence)), token.immediate('"')),
    _line_text: (_) => token.immediate(prec(1, /[^"\\\r\n]+/)),
    escape_sequence: (_) => token.immediate(prec(1, /\\(["\\{}ntr]|u\{[0-9A-Fa-f]{1,6}\})/)),
    _block: ($) =>
      seq(
        '"""',
        repeat(choice($._block_text, $._quote, alias($._block_escape, $.escape_sequence))),
        token.immediate(prec(2, '"""')),
      ),
    _block_text: (_) => token.immediate(prec(1, choice(/[^"\\]+/, '\\'))),
    _block_escape: (_) => token.immediate(prec(2, '\\"""')),
    // In a hole of one line of text, quotes are escaped as everywhere else in that line.
    escaped_string: (_) => token(seq('\\"', /[^"\\\r\n]*/, '\\"')),

    // Templates

    template: ($) =>
      choice(
        seq('"', repeat($._line_piece), token.immediate('"')),
        seq('"""', repeat($._block_piece), token.immediate(prec(2, '"""'))),
      ),
    ...template_rules('line', ($) => alias($._template_escape, $.escape_sequence)),
    ...template_rules('block', ($) => alias($._block_escape, $.escape_sequence)),
    // A brace begins a hole there, escaped or not.
    _template_escape: (_) => token.immediate(prec(1, /\\(["\\}ntr]|u\{[0-9A-Fa-f]{1,6}\})/)),
    _line_template_text: (_) => token.immediate(prec(1, choice(/[^"\\\r\n{}]+/, '}'))),
    _block_template_text: ($) => prec.right(repeat1(choice($._block_signs, $._quote))),
    _block_signs: (_) => token.immediate(prec(1, choice(/[^"\\{}]+/, '\\', '}'))),
  },
});
