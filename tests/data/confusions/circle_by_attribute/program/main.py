import booking
