import email.nonsense
