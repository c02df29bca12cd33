"""Reports for people: the terminal, Markdown, a spreadsheet."""
