(file) @local.scope

(param name: (name) @local.definition.parameter)
(let_item name: (name) @local.definition.var)
(set_item name: (name) @local.definition.type)
(use_item name: (name) @local.definition.import)

(path . (name) @local.reference)
(set_path . (name) @local.reference)
(setting name: (name) @local.reference)
