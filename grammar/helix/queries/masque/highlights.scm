; No node is taken by two patterns, so that it does not matter whether an editor lets the first or the last one win.

(comment) @comment @spell

; Words that open something

["use" "as" "extends"] @keyword.import
["masque" "library" "set" "param" "let" "test"] @keyword.type
["intent" "knowledge" "access" "context" "lens" "skills" "ensure" "widen" "given" "version" "about"] @keyword
["allow" "also" "deny" "unmatched" "vault" "input" "contains" "lacks" "never" "always"] @keyword.function
["match" "clauses" "exact" "verb"] @keyword.modifier
["when" "because" "for" "if" "else" "end"] @keyword.conditional
["and" "or" "not" "in" "matches"] @keyword.operator
(ttl "session" @constant.builtin)

; Names

(title (name) @type)
(set_item name: (name) @type)
(use_item name: (name) @module)
(reference (bare_reference) @module)
(set_path (name) @module)
(param name: (name) @variable.parameter)
(param_type (name) @type.builtin)
(let_item name: (name) @variable)
(setting name: (name) @variable.parameter)
(call function: (name) @function.builtin)
(path . (name) @variable)
(path (name) (name) @property)
(match_mode (name) @constant)
(clauses (name) @constant)
(widen (name) @constant)
(field_name) @property
(key (name) @property)

; Values

(string) @string
(template_text) @string
(template ["\"" "\"\"\""] @string)
(escape_sequence) @string.escape
(brace) @string.escape
(uri) @string.special.url
(integer) @number
(version) @number
(duration) @number
(truth) @boolean
((bare) @number (#match? @number "^-?[0-9]"))
((bare) @boolean (#match? @boolean "^(true|false)$"))
((bare) @constant (#not-match? @constant "^(-?[0-9]|(true|false)$)"))

; Signs

(operator ["==" "!=" "<=" ">=" "<" ">"] @operator)
["=" "|"] @operator
["," ":" "."] @punctuation.delimiter
(set_path "/" @punctuation.delimiter)
[
  (interpolation ["{" "}"] @punctuation.special)
  (if_tag ["{" "}"] @punctuation.special)
  (else_if_tag ["{" "}"] @punctuation.special)
  (else_tag ["{" "}"] @punctuation.special)
  (end_tag ["{" "}"] @punctuation.special)
]
["[" "]" "(" ")"] @punctuation.bracket
[
  (masque ["{" "}"] @punctuation.bracket)
  (library ["{" "}"] @punctuation.bracket)
  (set_item ["{" "}"] @punctuation.bracket)
  (intent ["{" "}"] @punctuation.bracket)
  (knowledge ["{" "}"] @punctuation.bracket)
  (access ["{" "}"] @punctuation.bracket)
  (skills ["{" "}"] @punctuation.bracket)
  (test ["{" "}"] @punctuation.bracket)
  (map ["{" "}"] @punctuation.bracket)
]
