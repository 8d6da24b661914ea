" The masque language. Drawn by tests/syntaxtree/tests/vim.rs: change that, not this.
if exists('b:current_syntax') | finish | endif

syntax case match
" A URI, a path of a set and a key with its colon are one word each, in which nothing else is found.
syntax iskeyword @,48-57,_,-,.,:,/
syntax sync minlines=200

syntax keyword masqueImport use as extends
syntax keyword masqueDeclaration masque library set param let test
syntax keyword masqueBlock intent knowledge access skills ensure widen given version about
syntax keyword masqueBlock context lens nextgroup=masqueTemplate skipwhite
syntax keyword masqueStatement allow also deny unmatched vault input lacks never always
syntax match masqueStatement /[A-Za-z0-9_.:\/-]\@1<!contains[A-Za-z0-9_.:\/-]\@!/
syntax keyword masqueModifier match clauses exact verb
syntax keyword masqueConditional when because for if else end
syntax keyword masqueOperator and or not in matches
syntax keyword masqueField $schema attributes changelog default_llm display_name domain id index max_context_tokens mcp name params performance prompt prompt_schema ring ring_required rubric safety_tags skillset spinnerVerbs tests tone tone_descriptors

syntax keyword masqueBoolean true false
syntax match masqueNumber /[A-Za-z0-9_.:\/@-]\@1<!-\?\d\+\%(\.\d\+\)\?[A-Za-z0-9_.-]\@!/
syntax match masqueNumber /[A-Za-z0-9_.:\/@-]\@1<!\d\+\.\d\+\.\d\+\%([-+][A-Za-z0-9.+-]\+\)\?/
syntax match masqueNumber /[A-Za-z0-9_.:\/@-]\@1<!\%(\d\+[wdhms]\)\+[A-Za-z0-9_-]\@!/
syntax match masqueNumber /[A-Za-z0-9_.:\/@-]\@1<!P[T0-9][0-9A-Z]*[A-Za-z0-9_-]\@!/
syntax match masqueNumber /[A-Za-z0-9_.:\/@-]\@1<!\d\+[ \t]\+\%(week\|day\|hour\|minute\|second\)s\?\%([ \t]\+\%(and[ \t]\+\)\?\d\+[ \t]\+\%(week\|day\|hour\|minute\|second\)s\?\)*/
syntax match masqueUri /[A-Za-z][A-Za-z0-9+.-]*:\/\/\%([^ \t\r",{}\[\]:]\|:\+[^ \t\r",{}\[\]:]\)*/
syntax match masqueComment /#.*$/ contains=@Spell

syntax match masqueEscape /\\\%(["\\{}ntr]\|u{[0-9A-Fa-f]\{1,6}}\)/ contained
syntax match masqueBlockEscape /\\"""/ contained
syntax region masqueString start=/"/ skip=/\\./ end=/"/ oneline contains=masqueEscape
syntax region masqueString start=/"""/ skip=/\\"""/ end=/"""/ contains=masqueBlockEscape,@Spell

syntax cluster masqueExpression contains=masqueBoolean,masqueNumber,masqueConditional,masqueOperator,masqueString,masqueQuoted
syntax match masqueQuoted /\\"[^"\\]*\\"/ contained
syntax region masqueHole matchgroup=masqueBrace start=/\\\?{/ end=/}/ contained contains=@masqueExpression
syntax match masqueDouble /{{\|}}/ contained
syntax region masqueTemplate start=/"/ skip=/\\./ end=/"/ oneline contained contains=masqueEscape,masqueHole,masqueDouble
syntax region masqueTemplate start=/"""/ skip=/\\"""/ end=/"""/ contained contains=masqueBlockEscape,masqueHole,masqueDouble,@Spell

highlight default link masqueImport Include
highlight default link masqueDeclaration Structure
highlight default link masqueBlock Keyword
highlight default link masqueStatement Statement
highlight default link masqueModifier StorageClass
highlight default link masqueConditional Conditional
highlight default link masqueOperator Operator
highlight default link masqueField Identifier
highlight default link masqueBoolean Boolean
highlight default link masqueNumber Number
highlight default link masqueUri Underlined
highlight default link masqueComment Comment
highlight default link masqueString String
highlight default link masqueTemplate String
highlight default link masqueQuoted String
highlight default link masqueEscape SpecialChar
highlight default link masqueBlockEscape SpecialChar
highlight default link masqueDouble SpecialChar
highlight default link masqueBrace Delimiter

let b:current_syntax = 'masque'
