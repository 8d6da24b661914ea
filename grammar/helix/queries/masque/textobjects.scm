(masque) @class.around
(library) @class.around

(set_item) @function.around
(intent) @function.around

(test) @test.around

(param) @parameter.around
(setting) @parameter.around

(entry value: (_) @entry.inside) @entry.around
(field value: (_) @entry.inside) @entry.around

(comment) @comment.inside
(comment)+ @comment.around
