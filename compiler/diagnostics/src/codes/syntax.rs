//! Codes that the front ends report: text, syntax, fields and their shapes.

codes! {
    SYNTAX 1 Error "syntax" "the text is not well-formed in its format";
    TOO_LARGE 2 Error "too-large" "the source is larger than any masque has reason to be";
    TOO_DEEP 3 Error "too-deep" "lists and maps are nested too deeply";
    EMPTY_DOCUMENT 4 Error "empty-document" "the source holds no masque";
    SEVERAL_DOCUMENTS 5 Error "several-documents" "one source holds more than one document";
    NOT_A_MAP 6 Error "not-a-map" "the document is not a map of fields";
    UNQUOTED_INDICATOR 7 Error "unquoted-indicator" "an unquoted value begins with a character that means something else in YAML";
    UNKNOWN_ALIAS 8 Error "unknown-alias" "a YAML alias names an anchor that is not defined before it";
    ALIAS_EXPANSION 9 Error "alias-expansion" "YAML aliases expand without end or to too much";
    MERGE_KEY 10 Error "merge-key" "YAML merge keys are not part of a masque";
    KEY_NOT_TEXT 11 Error "key-not-text" "a key is a list, a map or nothing";
    UNKNOWN_TAG 12 Error "unknown-tag" "a YAML tag has no meaning in a masque";
    TRAILING_COMMA 13 Error "trailing-comma" "JSON allows no comma after the last item";
    JSON_COMMENT 14 Error "json-comment" "JSON has no comments";
    DUPLICATE_KEY 15 Error "duplicate-key" "one map has the same key twice";
    TOO_MANY_FINDINGS 16 Warning "too-many-findings" "a source has more problems than are worth listing";
    NOT_UTF8 17 Error "not-utf8" "a source is not UTF-8 text";
    NO_LAYOUT 18 Error "no-layout" "a source has no known layout, and is left as it is";
    UNKNOWN_FIELD 101 Warning "unknown-field" "a key that no masque has";
    FIELD_TWICE 102 Error "field-twice" "one field is given under two of its names";
    MISPLACED_FIELD 103 Error "misplaced-field" "a field of `intent` or `access` stands outside of its block";
    WRONG_SHAPE 104 Error "wrong-shape" "a value is of another kind than its field takes";
    NO_VALUE 105 Error "no-value" "a field is named but has no value";
    NOT_TEXT 106 Error "not-text" "a number or a truth value stands where text is wanted";
    UNKNOWN_WORD 107 Error "unknown-word" "a value is none of the words that its field knows";
    NOT_A_COUNT 108 Error "not-a-count" "a value is not a whole number in the range that its field takes";
    MIXED_KINDS 109 Error "mixed-kinds" "an entry is of no known kind, or of two kinds at once";
}
