FROM = "me"
