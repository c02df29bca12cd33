"""The import x-ray: run a command with the recorder, and put together what that wrote."""
