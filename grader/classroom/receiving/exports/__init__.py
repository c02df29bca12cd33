"""What other systems give out when an instructor downloads all submissions: a zip, by the rules of each system."""
