NAME = "Merrow"
