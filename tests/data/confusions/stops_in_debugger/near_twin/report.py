print("(Pdb) is the debugger's prompt")
