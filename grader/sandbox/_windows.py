"""Watch a running process on Windows, where pipes can't be selected on: a thread reads each of them."""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import msvcrt
    import os
    import subprocess  # noqa: TID251 - this is where processes start
    import threading
    import time
    from threading import Event

    from grader.errors import SandboxError
    from grader.model import Command, Ending
    from grader.sandbox._usage import Meter, Usage

    def run_and_watch(
        command: Command, stopping: Event, meter: Meter
    ) -> tuple[Ending, int, tuple[bytes, bytes, bytes]]:
        """Run the command; gives how it ended, its status, and stdout, stderr and report."""
        report_out, report_in = os.pipe()
        handle = msvcrt.get_osfhandle(report_in)
        os.set_handle_inheritable(handle, True)
        startup = subprocess.STARTUPINFO(lpAttributeList={"handle_list": [handle] if command.report else []})
        try:
            process = subprocess.Popen(
                [str(handle) if argument == "{report}" else argument for argument in command.argv],
                cwd=command.cwd,
                # Without SYSTEMROOT an interpreter can't seed its hashes and does not start.
                env={"SYSTEMROOT": os.environ.get("SYSTEMROOT", ""), **command.env},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                startupinfo=startup,
                creationflags=subprocess.CREATE_NEW_PROCESS_GROUP,
            )
        except (OSError, ValueError) as error:
            os.close(report_out)
            return Ending.EXITED, 127, (b"", f"{command.argv[0]}: {error}".encode(), b"")
        finally:
            os.close(report_in)
        assert process.stdin and process.stdout and process.stderr  # noqa: S101, PT018 - asked for above
        readers = [
            _Reader(process.stdout.fileno(), command.limits.output),
            _Reader(process.stderr.fileno(), command.limits.output),
            _Reader(report_out, command.limits.output),
        ]
        process.stdin.write(command.stdin)
        process.stdin.close()
        usage = Usage(meter, lambda: None)
        began = time.monotonic()
        ending = _until_end(process, readers, command.limits.wall, stopping, usage)
        usage.ended(time.monotonic() - began)
        subprocess.run(["taskkill", "/T", "/F", "/PID", str(process.pid)], capture_output=True, check=False)  # noqa: S607 - where Windows has it
        process.wait()
        for reader in readers:
            reader.join(1.0)
        if ending is None:
            raise SandboxError("The execution was stopped because the grading was.")
        stdout, stderr, report = (bytes(reader.received) for reader in readers)
        return ending, process.returncode & 0xFFFF, (stdout, stderr, report)

    def _until_end(
        process: subprocess.Popen[bytes], readers: list[_Reader], wall: float, stopping: Event, usage: Usage
    ) -> Ending | None:
        began = time.monotonic()
        while process.poll() is None:
            if stopping.is_set():
                return None
            seconds = time.monotonic() - began
            if seconds >= wall:
                return Ending.TIMEOUT
            if usage.exceeded(seconds):
                return Ending.BUDGET
            if any(reader.full for reader in readers):
                return Ending.OUTPUT
            time.sleep(0.005)
        return Ending.EXITED

    class _Reader(threading.Thread):
        """Reads one pipe to its end or its cap."""

        def __init__(self, descriptor: int, cap: int) -> None:
            super().__init__(daemon=True)
            self._descriptor, self._cap = descriptor, cap
            self.received = bytearray()
            self.start()

        @property
        def full(self) -> bool:
            return len(self.received) >= self._cap

        def run(self) -> None:
            while not self.full and (chunk := os.read(self._descriptor, 1 << 16)):
                self.received += chunk[: self._cap - len(self.received)]
