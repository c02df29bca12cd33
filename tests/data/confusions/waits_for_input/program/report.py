quay = input("Which quay? ")
