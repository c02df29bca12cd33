import errno
import struct
import sys

import pytest

from grader.sandbox import _seccomp

ALLOW, KILL = 0x7FFF0000, 0x80000000
REFUSE, ABSENT = 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
NO_PROTOCOL, NOTHING_DONE = 0x00050000 | errno.EPROTONOSUPPORT, 0x00050000
AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
LONGEST = 4096
"""Instructions in a filter that the kernel takes; see BPF_MAXINSNS."""

# Numbers from the kernel's tables, by name, for what learners' programs need …
NEEDED = {
    "x86_64": {
        "read": 0, "write": 1, "open": 2, "close": 3, "stat": 4, "mmap": 9, "mprotect": 10, "rt_sigaction": 13,
        "pipe": 22, "madvise": 28, "dup2": 33, "getpid": 39, "connect": 42, "fork": 57, "vfork": 58, "execve": 59,
        "exit": 60, "wait4": 61, "kill": 62, "fcntl": 72, "getcwd": 79, "chdir": 80, "rename": 82, "mkdir": 83,
        "unlink": 87, "symlink": 88, "chmod": 90, "umask": 95, "getuid": 102, "prctl": 157, "setrlimit": 160,
        "gettid": 186, "futex": 202, "getdents64": 217, "clock_gettime": 228, "exit_group": 231, "epoll_wait": 232,
        "openat": 257, "newfstatat": 262, "pipe2": 293, "prlimit64": 302, "getrandom": 318, "execveat": 322,
        "copy_file_range": 326, "statx": 332, "rseq": 334, "pidfd_send_signal": 424, "pidfd_open": 434,
        "close_range": 436, "openat2": 437, "faccessat2": 439, "landlock_create_ruleset": 444, "futex_waitv": 449,
    },
    "aarch64": {
        "getcwd": 17, "dup3": 24, "fcntl": 25, "mkdirat": 34, "unlinkat": 35, "symlinkat": 36, "faccessat": 48,
        "chdir": 49, "openat": 56, "close": 57, "pipe2": 59, "getdents64": 61, "read": 63, "write": 64,
        "newfstatat": 79, "exit": 93, "exit_group": 94, "futex": 98, "clock_gettime": 113, "kill": 129,
        "rt_sigaction": 134, "setrlimit": 164, "umask": 166, "prctl": 167, "getpid": 172, "getuid": 174,
        "connect": 203, "munmap": 215, "execve": 221, "mmap": 222, "mprotect": 226, "wait4": 260, "prlimit64": 261,
        "getrandom": 278, "execveat": 281, "statx": 291, "pidfd_open": 434, "close_range": 436, "openat2": 437,
        "futex_waitv": 449,
    },
}  # fmt: skip
# … and for what none of them has any business with.
REFUSED = {
    "x86_64": {
        "shmget": 29, "shmat": 30, "shmctl": 31, "semget": 64, "semop": 65, "semctl": 66, "shmdt": 67, "msgget": 68,
        "msgsnd": 69, "msgrcv": 70, "msgctl": 71, "ptrace": 101, "syslog": 103, "pivot_root": 155, "chroot": 161,
        "acct": 163, "settimeofday": 164, "mount": 165, "umount2": 166, "swapon": 167, "swapoff": 168, "reboot": 169,
        "sethostname": 170, "setdomainname": 171, "iopl": 172, "ioperm": 173, "init_module": 175,
        "delete_module": 176, "quotactl": 179, "lookup_dcookie": 212, "semtimedop": 220, "clock_settime": 227,
        "mq_open": 240, "mq_unlink": 241, "mq_timedsend": 242, "mq_timedreceive": 243, "mq_notify": 244,
        "mq_getsetattr": 245, "kexec_load": 246, "add_key": 248, "request_key": 249, "keyctl": 250, "unshare": 272,
        "perf_event_open": 298, "fanotify_init": 300, "name_to_handle_at": 303, "open_by_handle_at": 304,
        "setns": 308, "process_vm_readv": 310, "process_vm_writev": 311, "kcmp": 312, "finit_module": 313,
        "kexec_file_load": 320, "bpf": 321, "userfaultfd": 323,
    },
    "aarch64": {
        "lookup_dcookie": 18, "umount2": 39, "mount": 40, "pivot_root": 41, "chroot": 51, "quotactl": 60, "acct": 89,
        "unshare": 97, "kexec_load": 104, "init_module": 105, "delete_module": 106, "clock_settime": 112,
        "syslog": 116, "ptrace": 117, "reboot": 142, "sethostname": 161, "setdomainname": 162, "settimeofday": 170,
        "mq_open": 180, "mq_unlink": 181, "mq_timedsend": 182, "mq_timedreceive": 183, "mq_notify": 184,
        "mq_getsetattr": 185, "msgget": 186, "msgctl": 187, "msgrcv": 188, "msgsnd": 189, "semget": 190,
        "semctl": 191, "semtimedop": 192, "semop": 193, "shmget": 194, "shmctl": 195, "shmat": 196, "shmdt": 197,
        "add_key": 217, "request_key": 218, "keyctl": 219, "swapon": 224, "swapoff": 225, "perf_event_open": 241,
        "fanotify_init": 262, "name_to_handle_at": 264, "open_by_handle_at": 265, "setns": 268,
        "process_vm_readv": 270, "process_vm_writev": 271, "kcmp": 272, "finit_module": 273, "bpf": 280,
        "userfaultfd": 282, "kexec_file_load": 294,
    },
}  # fmt: skip
REFUSED_EVERYWHERE = {
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "open_tree": 428, "move_mount": 429,
    "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433, "pidfd_getfd": 438, "mount_setattr": 442,
}  # fmt: skip
ABSENT_ONES = {
    "x86_64": {
        "memfd_create": 319, "vmsplice": 278, "io_setup": 206, "io_destroy": 207, "io_getevents": 208,
        "io_submit": 209, "io_cancel": 210, "io_pgetevents": 333, "inotify_init": 253, "inotify_init1": 294,
    },
    "aarch64": {
        "memfd_create": 279, "vmsplice": 75, "io_setup": 0, "io_destroy": 1, "io_submit": 2, "io_cancel": 3,
        "io_getevents": 4, "io_pgetevents": 292, "inotify_init1": 26,
    },
}  # fmt: skip
ABSENT_EVERYWHERE = {"clone3": 435, "memfd_secret": 447}
WITH_ARGUMENTS = {
    "x86_64": {"ioctl": 16, "socket": 41, "socketpair": 53, "setsockopt": 54, "clone": 56},
    "aarch64": {"ioctl": 29, "socket": 198, "socketpair": 199, "setsockopt": 208, "clone": 220},
}


@pytest.fixture(params=sorted(AUDIT))
def machine(request, monkeypatch):
    """The name of a processor, as the one that this runs on."""
    monkeypatch.setattr("platform.machine", lambda: request.param)
    _seccomp.program.cache_clear()
    yield request.param
    _seccomp.program.cache_clear()


@pytest.fixture
def call(machine):
    """What becomes of a system call: the filter is run on it as the kernel would."""

    def call(number, *arguments, audit=AUDIT[machine]):
        values = [*arguments, *[0] * (6 - len(arguments))]
        data = struct.pack("=iIQ6Q", number - (1 << 32) if number >= 1 << 31 else number, audit, 0, *values)
        return interpreted(_seccomp.program(), data)

    return call


def interpreted(program, data):
    """Run a filter of classic BPF; see the kernel's Documentation/networking/filter.rst."""
    code = list(struct.iter_unpack("=HBBI", program))
    at, word = 0, None
    for _ in range(len(code)):
        operation, when_true, when_false, value = code[at]
        at += 1
        if operation == 0x20:  # BPF_LD | BPF_W | BPF_ABS
            (word,) = struct.unpack_from("=I", data, value)
        elif operation == 0x06:  # BPF_RET | BPF_K
            return value
        else:
            tests = {0x15: word == value, 0x35: word >= value, 0x45: bool(word & value)}
            at += when_true if tests[operation] else when_false
    raise AssertionError("the filter never returns")


def test_form(machine):
    """The filter is one that the kernel takes: not too long, every jump inside of it, a return at the end."""
    program = _seccomp.program()
    code = list(struct.iter_unpack("=HBBI", program))
    assert 0 < len(code) <= LONGEST
    for at, (operation, when_true, when_false, _) in enumerate(code):
        if operation & 7 == 5:  # a jump
            assert at + 1 + max(when_true, when_false) < len(code)
    assert code[-1][0] == 0x06
    assert machine in AUDIT


def test_needed(call, machine):
    """What programs need is allowed, whatever the arguments."""
    for name, number in NEEDED[machine].items():
        for argument in (0, 1, 0x5412, 0x7E020000, 2**64 - 1):
            assert call(number, argument, argument) == ALLOW, name


def test_refused(call, machine):
    """What opens the kernel wider or reaches others is refused, whatever the arguments."""
    for name, number in (REFUSED[machine] | REFUSED_EVERYWHERE).items():
        for argument in (0, 1, 2**64 - 1):
            assert call(number, argument, argument) == REFUSE, name


def test_absent(call, machine):
    """What some kernels don't have looks as if this were one: programs fall back to what can be filtered."""
    for name, number in (ABSENT_ONES[machine] | ABSENT_EVERYWHERE).items():
        assert call(number) == ABSENT, name


def test_everything_else(call, machine):
    """Nothing else is refused: the list is a list of exceptions."""
    listed = {*REFUSED[machine].values(), *REFUSED_EVERYWHERE.values(), *ABSENT_ONES[machine].values()}
    listed |= {*ABSENT_EVERYWHERE.values(), *WITH_ARGUMENTS[machine].values()}
    assert {number for number in range(1024) if call(number) != ALLOW} - listed == set()


@pytest.mark.parametrize("audit", [0x40000003, 0x40000028, 0xC000003E, 0xC00000B7, 0xC00000F3, 0, 0xFFFFFFFF])
def test_other_architectures(call, machine, audit):
    """A call by another architecture's table, where numbers mean something else, ends the program."""
    if audit != AUDIT[machine]:
        assert {call(number, audit=audit) for number in range(512)} == {KILL}


@pytest.mark.parametrize(
    "number", [0x40000000, 0x40000001, 0x40000000 + 59, 0x40000000 + 520, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF]
)
def test_x32(call, number):
    """So does a call by the x32 table, and one with a negative number."""
    assert call(number) == KILL


@pytest.mark.parametrize("upper", [0, 1 << 32, 0xFFFFFFFF << 32])
@pytest.mark.parametrize("request_", [0x5412, 0x541C])
def test_terminal_injection(call, machine, request_, upper):
    """Typing into the terminal that started us is refused, though the kernel ignores the upper half of the request."""
    assert call(WITH_ARGUMENTS[machine]["ioctl"], 0, request_ | upper) == REFUSE


@pytest.mark.parametrize("request_", [0x5401, 0x5413, 0x5421, 0x541B, 0x5411, 0x541D, 0])
def test_other_requests_of_terminals(call, machine, request_):
    """Asking whether there is a terminal, how wide it is, or how much can be read is allowed."""
    assert call(WITH_ARGUMENTS[machine]["ioctl"], 0x5412, request_) == ALLOW


@pytest.mark.parametrize("bit", [0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000])
def test_new_namespaces(call, machine, bit):
    """A process in a new namespace of any kind is refused, whatever else is asked for with it."""
    clone = WITH_ARGUMENTS[machine]["clone"]
    assert call(clone, bit) == REFUSE
    assert call(clone, bit | 0x003D0F00 | 17) == REFUSE
    assert call(clone, bit | 1 << 40) == REFUSE


@pytest.mark.parametrize("flags", [17, 0x003D0F00, 0x01200011, 0x4111, 0])
def test_new_processes_and_threads(call, machine, flags):
    """Forks, threads, and processes that share memory for a moment, as subprocess starts them, are allowed."""
    assert call(WITH_ARGUMENTS[machine]["clone"], flags) == ALLOW


@pytest.mark.parametrize("name", ["socket", "socketpair"])
def test_sockets(call, machine, name):
    """Sockets are local or of the internet, which isn't there; all other families reach deeper into the kernel."""
    number = WITH_ARGUMENTS[machine][name]
    assert {family for family in range(64) if call(number, family, 1) == ALLOW} == {1, 2, 10}
    assert {call(number, family, 1) for family in range(64)} == {ALLOW, REFUSE}
    assert call(number, 16 | 1 << 32) == REFUSE
    assert call(number, 0xFFFFFFFF) == REFUSE


@pytest.mark.parametrize("family", [2, 10])
def test_protocols(call, machine, family):
    """Of the internet's protocols there are TCP and UDP; MPTCP (262) and others aren't, as in kernels without them."""
    number = WITH_ARGUMENTS[machine]["socket"]
    assert {protocol for protocol in range(512) if call(number, family, 1, protocol) == ALLOW} == {0, 6, 17}
    assert {call(number, family, 1, protocol) for protocol in range(512)} == {ALLOW, NO_PROTOCOL}
    assert call(number, family, 1, 262 | 1 << 32) == NO_PROTOCOL
    assert call(number, 1, 1, 1) == ALLOW


def test_sizes_of_buffers(call, machine):
    """A wish for larger or smaller buffers is heard and not fulfilled; all other options of sockets are set."""
    number = WITH_ARGUMENTS[machine]["setsockopt"]
    assert {option for option in range(256) if call(number, 3, 1, option) != ALLOW} == {7, 8}
    assert {call(number, 3, 1, option) for option in (7, 8, 7 | 1 << 32)} == {NOTHING_DONE}
    assert {call(number, 3, level, option) for level in (0, 6, 17, 41) for option in (7, 8)} == {ALLOW}


def test_unknown_processor(monkeypatch):
    """Where the tables aren't known there is no filter, and so no `bubblewrap` tier, rather than a wrong one."""
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    _seccomp.program.cache_clear()
    assert _seccomp.program() is None
    _seccomp.program.cache_clear()


@pytest.mark.skipif(sys.byteorder != "little", reason="arguments lie the other way round on this machine")
def test_words_of_arguments(machine):
    """Of arguments, which are 64 bits wide, the lower words are looked at."""
    offsets = {value for operation, _, _, value in struct.iter_unpack("=HBBI", _seccomp.program()) if operation == 0x20}
    assert offsets == {0, 4, 16, 24, 32}
    assert machine in AUDIT
