"""Where the best sandbox can't be had, that is said, with what to do; and nothing weaker stands in for it unasked."""

import json
import os
import platform
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a better tier"),
    pytest.mark.usefixtures("needs_bubblewrap"),
]
ROOT = os.geteuid() == 0
UNGRADED = 3
SOLUTION = "import sys\nopen({marker!r}, 'w').close()\nprint(f'Hello, {{sys.argv[1]}}!')\n"

# A program that stands before bubblewrap and changes what it is asked for: `options` is to be changed in place.
MEDDLER = """#!{python} -IS
import os, sys
place = sys.argv.index("--args") + 1
with open(int(sys.argv[place]), "rb") as lent: options = lent.read().split(b"\\0")[:-1]
def without(option, arguments):
    at = options.index(option)
    del options[at : at + 1 + arguments]
{meddle}
changed = os.memfd_create("changed", 0)
os.write(changed, b"\\0".join([*options, b""]))
os.lseek(changed, 0, os.SEEK_SET)
sys.argv[place] = str(changed)
os.execv({real!r}, sys.argv)
"""
# Fails as the real one does; it is given what that says.
FAILING = "#!/bin/sh\necho {said} >&2\nexit 1\n"
# Runs the program as it is, and says that all went well.
NO_SANDBOX = """#!{python} -IS
import json, os, subprocess, sys
place = sys.argv.index("--args") + 1
with open(int(sys.argv[place]), "rb") as lent: options = lent.read().split(b"\\0")
status = int(options[options.index(b"--json-status-fd") + 1])
folder = options[options.index(b"--chdir") + 1]
os.makedirs(folder, 0o777)
os.chmod(folder, 0o777)
child = subprocess.Popen(sys.argv[sys.argv.index("--") + 1 :], cwd=folder)
os.write(status, json.dumps({{"child-pid": child.pid}}).encode() + b"\\n")
os.write(status, json.dumps({{"exit-code": child.wait()}}).encode() + b"\\n")
"""
# Does nothing that it is asked for, but starts the program.
IDLE = '#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done\nshift\nexec "$@"\n'
# Starts a program that can set no filter of system calls: prctl(PR_SET_SECCOMP) and seccomp() are refused.
NO_FILTERS = """
import ctypes, os, struct, sys
prctl, seccomp = {"x86_64": (157, 317), "aarch64": (167, 277)}[os.uname().machine]
def step(code, value, yes=0, no=0): return struct.pack("=HBBI", code, yes, no, value)
refuse = 0x00050000 | 22
steps = [step(0x20, 0), step(0x15, seccomp, 3, 0), step(0x15, prctl, 0, 3), step(0x20, 16), step(0x15, 22, 0, 1),
         step(0x06, refuse), step(0x06, 0x7FFF0000)]
code = ctypes.create_string_buffer(b"".join(steps))
class Program(ctypes.Structure): _fields_ = [("length", ctypes.c_ushort), ("steps", ctypes.c_void_p)]
libc = ctypes.CDLL(None, use_errno=True)
assert libc.prctl(38, 1, 0, 0, 0) == 0
assert libc.prctl(22, 2, ctypes.byref(Program(len(steps), ctypes.cast(code, ctypes.c_void_p))), 0, 0) == 0
os.execv(sys.argv[1], sys.argv[1:])
"""


def places(program):
    """All places where the program is."""
    folders = [*os.environ["PATH"].split(":"), "/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"]
    found = (shutil.which(program, path=folder) for folder in dict.fromkeys(folders))
    return sorted({os.path.realpath(path) for path in found if path})


@dataclass
class Machine:
    """A machine on which something is missing: the command as it is there."""

    kata: object
    folder: Path
    box: list[str] = field(default_factory=list)
    """What starts a program there."""
    path: str = ""
    """A folder whose programs come first."""

    def __call__(self, *arguments):
        """Run the command."""
        env = self.kata.env
        if self.path:
            env["PATH"] = f"{self.path}:{env['PATH']}"
        command = [*self.box, sys.executable, "-m", "grader", *map(str, arguments)]
        return subprocess.run(command, env=env, cwd=self.kata.cwd, capture_output=True, text=True, check=False)

    def cover(self, program, content=None):
        """Put something else where a program is, or nothing that could be run."""
        cover = self.folder / f"no-{program}"
        cover.write_text(content or "")
        cover.chmod(0o755 if content else 0o644)
        if not self.box:
            self.box = [*places("bwrap")[:1], "--dev-bind", "/", "/"]
        for place in places(program):
            self.box += ["--ro-bind", str(cover), place]

    def put_first(self, text, **values):
        """Have another bubblewrap come first on the path."""
        values = {"python": sys.executable, "real": places("bwrap")[0], **values}
        self.path = str(self.folder)
        fake = self.folder / "bwrap"
        fake.write_text(text.format(**values))
        fake.chmod(0o755)

    def reason(self):
        """What the machine has against the tier: what is wrong, and what to do."""
        seen = self("doctor")
        assert (seen.returncode, seen.stderr) == (0, "")
        line = next(line for line in seen.stdout.splitlines() if line.startswith("sandbox"))
        promise, _, why = line.partition("bubblewrap can't be used: ")
        assert "process: no protection against malice" in promise, line
        return why


@pytest.fixture
def machine(kata, tmp_path):
    """A machine on which everything works so far."""
    folder = tmp_path / "machine"
    folder.mkdir()
    return Machine(kata, folder)


@pytest.fixture
def project(kata):
    """A project that leaves a marker behind if it runs where it can be seen."""
    folder, marker = kata.cwd / "project", kata.cwd / "ran"
    folder.mkdir()
    (folder / "hello.py").write_text(SOLUTION.format(marker=str(marker)))
    return folder, marker


def refused_namespaces(machine):
    """Without user namespaces, as by a container's policy: the real refusal, since no group is mapped."""
    machine.box = ["unshare", "--user", "--map-user=1000", *machine.box]


def exhausted_namespaces(machine):
    """With user namespaces set to none."""
    script = 'echo 0 > /proc/sys/user/max_user_namespaces && exec setpriv --bounding-set=-all --inh-caps=-all -- "$@"'
    machine.box = ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--keep-caps", "sh", "-c", script, "sh"]


def another_sandbox(machine):
    """Inside of another sandbox, which lets nothing make namespaces."""
    machine.box = [places("bwrap")[0], "--dev-bind", "/", "/", "--unshare-user", "--uid", "1000", "--disable-userns"]


def rootless_container(machine):
    """As the root of a user namespace that has no other users."""
    machine.box = ["unshare", "--user", "--map-root-user"]


def powerless_root(machine):
    """As a root without capabilities."""
    if not ROOT:
        pytest.skip("only root can be root without rights")
    machine.box = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--"]


def refused_filters(machine):
    """Where no filter of system calls can be set."""
    if platform.machine() not in ("x86_64", "aarch64"):
        pytest.skip("the numbers of system calls are not known for this processor")
    machine.box = [sys.executable, "-c", NO_FILTERS]


def no_bubblewrap(machine):
    """Without bubblewrap."""
    machine.cover("bwrap")


def no_tools(machine):
    """Without the programs of util-linux."""
    machine.cover("prlimit")
    machine.cover("setpriv")


def old_bubblewrap(machine):
    """With a bubblewrap that doesn't know the options."""
    machine.put_first(FAILING, said="bwrap: Unknown option --size")


def ordinary_user_where(machine, switch, value):
    """As an ordinary user of a kernel that has this switch."""
    (machine.folder / switch).write_text(f"{value}\n")
    kernel = "/proc/sys/kernel"
    switches = ["--tmpfs", kernel, "--ro-bind", str(machine.folder / switch), f"{kernel}/{switch}"]
    machine.box = [places("bwrap")[0], "--dev-bind", "/", "/", "--unshare-user", "--uid", "1000", *switches]


def apparmor(machine):
    """Where AppArmor lets bubblewrap make a namespace, and nothing in it, as in Ubuntu 24.04."""
    ordinary_user_where(machine, "apparmor_restrict_unprivileged_userns", 1)
    machine.put_first(FAILING, said="bwrap: setting up uid map: Permission denied")


def old_debian(machine):
    """Where Debian's own switch is off."""
    ordinary_user_where(machine, "unprivileged_userns_clone", 0)
    machine.put_first(FAILING, said="bwrap: No permissions to create new namespace, likely because of the kernel")


CONDITIONS = {
    refused_namespaces: ("No permissions to create new namespace", "container"),
    exhausted_namespaces: ("Creating new namespace failed", "sysctl -w user.max_user_namespaces="),
    another_sandbox: ("Creating new namespace failed", "grade outside"),
    rootless_container: ("setpriv: setresuid failed", "ordinary user"),
    powerless_root: ("Operation not permitted", "--cap-add SYS_ADMIN"),
    refused_filters: ("PR_SET_SECCOMP", "CONFIG_SECCOMP_FILTER"),
    no_bubblewrap: ("bwrap is missing", "apt install bubblewrap"),
    no_tools: ("prlimit and setpriv are missing" if ROOT else "prlimit is missing", "apt install util-linux"),
    old_bubblewrap: ("Unknown option --size", "too old"),
    apparmor: ("setting up uid map", "extra-profiles/bwrap-userns-restrict"),
    old_debian: ("No permissions to create new namespace", "sysctl -w kernel.unprivileged_userns_clone=1"),
}


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda condition: condition.__name__)
def test_why_and_what_to_do(machine, project, condition):
    """`kata doctor` says what is wrong and what to do; the tier, if asked for, is refused, and no code is run."""
    condition(machine)
    wrong, remedy = CONDITIONS[condition]
    why = machine.reason()
    assert wrong in why
    assert remedy in why
    folder, marker = project
    seen = machine("grade", "path_appending", "--project", folder, "--sandbox", "bubblewrap")
    assert (seen.returncode, seen.stdout) == (UNGRADED, "")
    assert seen.stderr.startswith("kata: The bubblewrap sandbox does not work here: ")
    assert seen.stderr.count("\n") == 1
    assert wrong in seen.stderr
    assert remedy in seen.stderr
    assert not marker.exists()


@pytest.mark.parametrize("command", ["grade", "verify"])
def test_refused_before_any_worker(machine, command):
    """The tier that was asked for is refused once and for all, and not once for each worker."""
    no_bubblewrap(machine)
    options = ("--solutions",) if command == "grade" else ("--python", sys.executable)
    seen = machine(command, "01", "02", "--sandbox", "bubblewrap", "--jobs", "2", *options)
    assert (seen.returncode, seen.stdout) == (UNGRADED, "")
    assert "bwrap is missing" in seen.stderr
    assert seen.stderr.count("\n") == 1


def test_class_refuses(machine, tiny):
    """A class is never graded in a weaker tier than the best, unless that is asked for by name."""
    assert machine("--catalog", tiny, "class", "init", "Term").returncode == 0
    no_bubblewrap(machine)
    seen = machine("--catalog", tiny, "class", "grade")
    assert (seen.returncode, seen.stdout) == (UNGRADED, "")
    assert "bwrap is missing" in seen.stderr
    assert machine("--catalog", tiny, "class", "grade", "--sandbox", "process").returncode == 0


def test_verify_says_so_too(machine, tiny):
    """`kata verify` says on its way, too, that learner code runs without a sandbox."""
    no_bubblewrap(machine)
    seen = machine("--catalog", tiny, "verify", "--python", sys.executable)
    assert seen.returncode == 0
    assert "without a sandbox" in seen.stderr


def without(option, arguments=0):
    """Lines that leave an option out."""
    return f"without(b{option!r}, {arguments})"


WEAKENED = {
    "no filter": (without("--seccomp", 1), "system calls are not filtered"),
    "network": (without("--unshare-net"), "it shares our net namespace"),
    "messages": (without("--unshare-ipc"), "it shares our ipc namespace"),
    "files": (
        "at = options.index(b'--proc')\noptions[at:at] = [b'--ro-bind', b'/etc', b'/etc']",
        "files outside can be seen",
    ),
    "reading": (
        "at = options.index(b'--ro-bind-fd')\noptions[at : at + 2] = [b'--dir']",
        "a folder that is to be read can't be read",
    ),
    "writing": (
        "options[options.index(b'--ro-bind-fd')] = b'--bind-fd'",
        "a folder that is to be read can be changed",
    ),
    "init": ("at = options.index(b'/proc/1')\ndel options[at - 5 : at + 3]", "the sandbox itself can be seen"),
}


@pytest.mark.parametrize("kind", WEAKENED)
def test_bubblewrap_that_does_not_keep_its_promises(machine, kind):
    """A bubblewrap that works, but for one thing that it doesn't do, is not taken; what it doesn't do is said."""
    meddle, wrong = WEAKENED[kind]
    machine.put_first(MEDDLER, meddle=meddle)
    assert wrong in machine.reason()


def test_bubblewrap_that_cannot_bind(machine, tiny, project):
    """Where no folder can be shown to an execution, `auto` takes the other tier, in which work can be graded."""
    refusal = "if b'--ro-bind-fd' in options: sys.exit('bwrap: Can\\'t bind mount')"
    machine.put_first(MEDDLER, meddle=refusal)
    assert "Can't bind mount" in machine.reason()
    seen = machine("--catalog", tiny, "grade", "greeting", "--project", project[0])
    assert seen.returncode == 0
    assert "sandbox process" in seen.stdout


def test_filter_in_a_filtered_place(machine):
    """Where we are filtered ourselves, as in a container, a bubblewrap that adds no filter is still found out."""
    machine.put_first(MEDDLER, meddle=without("--seccomp", 1))
    if "Seccomp_filters" not in Path("/proc/self/status").read_text():
        pytest.skip("this kernel doesn't count filters")
    allow = NO_FILTERS.replace("refuse = 0x00050000 | 22", "refuse = 0x7FFF0000")
    machine.box = [sys.executable, "-c", allow]
    assert "system calls are not filtered" in machine.reason()


def test_no_sandbox_at_all(machine):
    """A program of that name that confines nothing is found out."""
    machine.put_first(NO_SANDBOX)
    why = machine.reason()
    for wrong in ("files outside can be seen", "mnt namespace", "pid namespace", "net namespace", "not filtered"):
        assert wrong in why


@pytest.mark.parametrize(
    ("program", "wrong"),
    [
        pytest.param("setpriv", "it runs as root", marks=pytest.mark.skipif(not ROOT, reason="root alone needs it")),
        pytest.param("setpriv", "it keeps capabilities", marks=pytest.mark.skipif(not ROOT, reason="so here")),
        ("prlimit", "the limit of its processes is not set"),
    ],
)
def test_tools_that_do_nothing(machine, program, wrong):
    """Nor do the programs go unnoticed that should drop rights and set limits, if they don't."""
    machine.cover(program, IDLE)
    assert wrong in machine.reason()


def test_reports_name_the_tier(machine, tiny, project):
    """`auto` grades all the same; every report names the tier, and the one for people says in a line why."""
    no_bubblewrap(machine)
    folder, marker = project
    grade = ("--catalog", tiny, "grade", "greeting", "--project", folder)
    plain = machine(*grade)
    assert plain.returncode == 0
    assert "without a sandbox" in plain.stderr
    assert "sandbox process" in plain.stdout
    assert "\nbubblewrap can't be used: bwrap is missing\n" in plain.stdout
    assert marker.exists()
    assert json.loads(machine(*grade, "--format", "json").stdout)["sandbox"] == "process"
    assert "sandbox process" in machine(*grade, "--format", "markdown").stdout
    suites = ET.fromstring(machine(*grade, "--format", "junit").stdout)
    assert suites.find(".//property[@name='sandbox']").get("value") == "process"


def test_chosen_tier_needs_no_reason(machine, tiny, project):
    """Who asks for a tier isn't told why it is taken; nor is anybody for whom the best one works."""
    grade = ("--catalog", tiny, "grade", "greeting", "--project", project[0])
    best = machine(*grade)
    assert "sandbox bubblewrap" in best.stdout
    no_bubblewrap(machine)
    asked = machine(*grade, "--sandbox", "process")
    assert "sandbox process" in asked.stdout
    for seen in (best, asked):
        assert seen.stderr == ""
        assert "can't be used" not in seen.stdout


GRADE = """
import sys, threading
from pathlib import Path
from grader import catalog
from grader.workers import pool
from grader.environment import interpreters
if __name__ == "__main__":
    # With a second thread a process can't be forked: each worker looks around by itself.
    threading.Thread(target=threading.Event().wait, daemon=True).start()
    exercise = catalog.load(Path(sys.argv[1])).find(["greeting"])[0]
    requests = [pool.Request(Path(sys.argv[2]), exercise, interpreters.current())] * 2
    print(*(attempt.verdict for attempt in pool.grade_all(requests, tier="auto", hidden=(), jobs=2)))
"""


def test_workers_take_no_weaker_tier(machine, tiny, project):
    """Where the sandbox fails after it was chosen, attempts are ungraded: no worker takes a weaker one by itself."""
    folder, marker = project
    once = machine.folder / "once"
    refusal = f"try: open({str(once)!r}, 'x')\nexcept FileExistsError: sys.exit('bwrap: refused')"
    machine.put_first(MEDDLER, meddle=refusal)
    script = machine.folder / "grade.py"
    script.write_text(GRADE)
    env = machine.kata.env
    env["PATH"] = f"{machine.path}:{env['PATH']}"
    env["PYTHONPATH"] = str(Path(__file__).parents[2])
    seen = subprocess.run(
        [sys.executable, script, tiny, folder],
        env=env,
        cwd=machine.kata.cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    assert once.exists()
    assert seen.stdout == "ungraded ungraded\n", seen.stderr
    assert not marker.exists()
