autocmd BufRead,BufNewFile *.masque setfiletype masque
