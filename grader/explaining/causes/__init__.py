"""What went wrong in an execution, whatever the program: from its traceback, how it was started, and the files."""
