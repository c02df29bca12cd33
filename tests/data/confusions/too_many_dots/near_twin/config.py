FIRST = "Merrow"
