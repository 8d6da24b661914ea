[
  (masque)
  (library)
  (set_item)
  (intent)
  (knowledge)
  (access)
  (skills)
  (test)
  (map)
  (list)
  (array)
  (parenthesized)
  (expect_knowledge)
  (expect_access)
] @indent.begin

["}" "]" ")"] @indent.branch @indent.end

; The white space of a text is its own.
[(template) (string)] @indent.auto
