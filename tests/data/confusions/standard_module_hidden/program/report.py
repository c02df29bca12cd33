import email.message
