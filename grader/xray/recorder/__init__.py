"""The import x-ray's recorder: runs on the learner's side, before any learner code, and writes down every import.

The judge imports none of the parts. `grader.xray.commands` joins their texts into one program in a `.pth` file of the
attempt's own virtualenv, which `site` executes. It observes through `sys.settrace` only: nothing of the import system
is wrapped, replaced or asked, and no code of the learner's is called. It imports only what is built in, leaves nothing
in `sys.modules`, `sys.argv` or the environment, and runs on a copy of the builtins. What learner code could see of it
is `sys.gettrace()` and `threading.gettrace()`.

The program needs four names in its namespace: OPCODES, the interpreter's `opcode.opmap`; FOLDER, where processes write
that have no report channel; EVERYTHING, whether the standard library's own import statements are of interest, too;
ALONE, whether no other `.pth` file is there.
Each line that it writes is a JSON array; `grader.xray.tree.recorder_lines` has the types. It runs under Python 3.10
and later.
"""

PARTS = ("channel", "objects", "statements", "node_writer", "lazy_names", "frame_watch", "machinery", "frames")
"""In the order in which they are joined; what one needs of another it imports for the type checker only."""
