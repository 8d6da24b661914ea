(masque "masque" @context name: (title) @name) @item
(library "library" @context name: (title) @name) @item
(set_item "set" @context name: (name) @name) @item
(param "param" @context name: (name) @name) @item
(let_item "let" @context name: (name) @name) @item
(test "test" @context name: (string) @name) @item
(intent "intent" @name) @item
(knowledge "knowledge" @name) @item
(access "access" @name) @item
(prose ["context" "lens"] @name) @item
