//! Codes about the text of the masque language.

codes! {
    UNEXPECTED_TEXT 601 Error "unexpected-text" "something stands where the language wants something else";
    UNKNOWN_ITEM 602 Error "unknown-item" "a word begins nothing that its block holds";
    UNCLOSED_STRING 603 Error "unclosed-string" "a string is not closed on its line";
    UNCLOSED_BLOCK 604 Error "unclosed-block" "a `\"\"\"` block is not closed";
    UNCLOSED_BRACE 605 Error "unclosed-brace" "a block of the language is not closed";
    UNKNOWN_ESCAPE 606 Error "unknown-escape" "a backslash stands before something that it does not escape";
    UNCLOSED_HOLE 607 Error "unclosed-hole" "a `{` in a template is not closed";
    EMPTY_HOLE 608 Error "empty-hole" "a template has braces with nothing between them";
    STRAY_TAG 609 Error "stray-tag" "an `{else}` or `{end}` stands where no `{if}` waits for it";
    UNCLOSED_IF 610 Error "unclosed-if" "an `{if}` has no `{end}`";
    NESTED_TOO_DEEPLY 611 Error "nested-too-deeply" "brackets, braces or branches are nested too deeply";
    NUMBER_TOO_LARGE 612 Error "number-too-large" "a whole number is out of range";
    MIXED_TEST 613 Error "mixed-test" "one test asks the masque and a model";
    ITEM_TWICE 614 Error "item-twice" "an item that a masque has once is given twice";
    NO_MASQUE 615 Error "no-masque" "a file of the language holds no masque";
    SEVERAL_MASQUES 616 Error "several-masques" "a file of the language holds more than one masque";
    UNKNOWN_TYPE 617 Error "unknown-type" "a parameter's type is not known";
    NOT_CONVERTIBLE 618 Error "not-convertible" "another notation has no room for what a source says";
}
