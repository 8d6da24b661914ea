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
] @indent

["}" "]" ")"] @outdent
