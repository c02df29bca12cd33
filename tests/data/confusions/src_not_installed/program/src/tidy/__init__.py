TIDY = True
