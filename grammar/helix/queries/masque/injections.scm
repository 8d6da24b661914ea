((comment) @injection.content
  (#set! injection.language "comment"))

; What a masque says to a model is Markdown more often than not.
((template (template_text) @injection.content)
  (#set! injection.language "markdown")
  (#set! injection.combined))
