"""The system call filter of the `bubblewrap` tier, assembled as classic BPF.

Everything is allowed but a list: what opens the kernel wider (mounts, namespaces, bpf, perf, io_uring …), what reaches
other processes or users (ptrace, keyrings, System V IPC, message queues), what uses up a stock that a whole machine or
user shares (asynchronous I/O, inotify), and what hides memory or code (memfd, pages given to pipes).
Numbers: the kernel's tables, arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h.
"""

from __future__ import annotations

import errno
import functools
import platform
import struct
import sys
from dataclasses import dataclass

# struct seccomp_data: int nr; __u32 arch; __u64 instruction_pointer; __u64 args[6]
_NUMBER, _ARCHITECTURE = 0, 4
_LOW = 0 if sys.byteorder == "little" else 4


def _argument(index: int) -> int:
    return 16 + 8 * index + _LOW


_LOAD = 0x20  # BPF_LD | BPF_W | BPF_ABS
_EQUAL, _GREATER_OR_EQUAL, _ANY_BIT = 0x15, 0x35, 0x45  # BPF_JMP | BPF_JEQ / JGE / JSET | BPF_K
_RETURN = 0x06  # BPF_RET | BPF_K
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_NO_PERMISSION = 0x00050000 | errno.EPERM
_NOT_THERE = 0x00050000 | errno.ENOSYS
_NO_PROTOCOL = 0x00050000 | errno.EPROTONOSUPPORT
_NOTHING_DONE = 0x00050000
"""The call isn't made, and seems to have succeeded."""

_NAMESPACE_FLAGS = 0x7E020000  # CLONE_NEW{NS,CGROUP,UTS,IPC,USER,PID,NET}
_TERMINAL_INJECTION = (0x5412, 0x541C)  # TIOCSTI, TIOCLINUX
_LOCAL_FAMILY, _INTERNET_FAMILIES = 1, (2, 10)  # AF_UNIX; AF_INET, AF_INET6
# "Whatever suits", TCP, UDP. Others load modules of the kernel, or hold memory where nobody counts it, as MPTCP does.
_PROTOCOLS = (0, 6, 17)
_SOCKET_LEVEL, _BUFFER_SIZES = 1, (7, 8)  # SOL_SOCKET; SO_SNDBUF, SO_RCVBUF
_X32 = 0x40000000

# The same on every architecture since 5.1: io_uring_*, open_tree … fspick, pidfd_getfd, mount_setattr; then clone3 and
# memfd_secret.
_COMMON_DENIED = (425, 426, 427, 428, 429, 430, 431, 432, 433, 438, 442)
_COMMON_ABSENT = (435, 447)


@dataclass(frozen=True)
class _Architecture:
    audit: int
    ioctl: int
    socket: int
    socketpair: int
    setsockopt: int
    clone: int
    absent: tuple[int, ...]
    denied: tuple[int, ...]


_ARCHITECTURES = {
    "x86_64": _Architecture(
        audit=0xC000003E,
        ioctl=16,
        socket=41,
        socketpair=53,
        setsockopt=54,
        clone=56,
        absent=(
            *(319, 278),  # memfd_create, vmsplice
            *(206, 207, 208, 209, 210, 333),  # io_setup, io_destroy, io_getevents, io_submit, io_cancel, io_pgetevents
            *(253, 294),  # inotify_init, inotify_init1
        ),
        denied=(
            *(29, 30, 31, 64, 65, 66, 67, 68, 69, 70, 71, 220),  # shm*, sem*, msg*
            *(240, 241, 242, 243, 244, 245),  # mq_*
            *(101, 310, 311, 312),  # ptrace, process_vm_*, kcmp
            *(248, 249, 250),  # add_key, request_key, keyctl
            *(155, 161, 165, 166),  # pivot_root, chroot, mount, umount2
            *(272, 308),  # unshare, setns
            *(298, 300, 303, 304, 321, 323),  # perf_event_open, fanotify_init, *_by_handle_at, bpf, userfaultfd
            *(103, 163, 164, 167, 168, 169, 170, 171, 172, 173),  # syslog, acct … ioperm
            *(175, 176, 179, 212, 227, 246, 313, 320),  # modules, quotactl, clocks, kexec
        ),
    ),
    "aarch64": _Architecture(
        audit=0xC00000B7,
        ioctl=29,
        socket=198,
        socketpair=199,
        setsockopt=208,
        clone=220,
        absent=(*(279, 75), *(0, 1, 2, 3, 4, 292), 26),
        denied=(
            *range(186, 198),  # msg*, sem*, shm*
            *range(180, 186),  # mq_*
            *(117, 270, 271, 272),
            *(217, 218, 219),
            *(39, 40, 41, 51),
            *(97, 268),
            *(18, 241, 262, 264, 265, 280, 282),
            *(60, 89, 104, 105, 106, 112, 116, 142, 161, 162, 170, 224, 225, 273, 294),
        ),
    ),
}


@functools.cache
def program() -> bytes | None:
    """The filter for this machine, as an array of `struct sock_filter`; None where its architecture is not known."""
    architecture = _ARCHITECTURES.get(platform.machine())
    return None if architecture is None else _assemble(architecture)


def _assemble(arch: _Architecture) -> bytes:
    code = [
        *_unless_equal(_ARCHITECTURE, arch.audit, _KILL),
        _instruction(_LOAD, _NUMBER),
        *_returning(_GREATER_OR_EQUAL, _X32, _KILL),
    ]
    for number in (*arch.absent, *_COMMON_ABSENT):
        code += _returning(_EQUAL, number, _NOT_THERE)
    for number in (*arch.denied, *_COMMON_DENIED):
        code += _returning(_EQUAL, number, _NO_PERMISSION)
    code += _when(
        arch.ioctl,
        _instruction(_LOAD, _argument(1)),
        *(step for request in _TERMINAL_INJECTION for step in _returning(_EQUAL, request, _NO_PERMISSION)),
    )
    code += _when(
        arch.clone, _instruction(_LOAD, _argument(0)), *_returning(_ANY_BIT, _NAMESPACE_FLAGS, _NO_PERMISSION)
    )
    for number in (arch.socket, arch.socketpair):
        code += _when(number, *_local_or_internet())
    code += _when(arch.setsockopt, *_as_large_as_they_are())
    return b"".join([*code, _instruction(_RETURN, _ALLOW)])


def _local_or_internet() -> tuple[bytes, ...]:
    """Allow local sockets, and those of the internet's common protocols."""
    protocols = [step for protocol in _PROTOCOLS for step in _returning(_EQUAL, protocol, _ALLOW)]
    internet = (_instruction(_LOAD, _argument(2)), *protocols, _instruction(_RETURN, _NO_PROTOCOL))
    first, second = _INTERNET_FAMILIES
    return (
        _instruction(_LOAD, _argument(0)),
        *_returning(_EQUAL, _LOCAL_FAMILY, _ALLOW),
        _instruction(_EQUAL, first, 1, 0),
        _instruction(_EQUAL, second, 0, len(internet)),
        *internet,
        _instruction(_RETURN, _NO_PERMISSION),
    )


def _as_large_as_they_are() -> tuple[bytes, ...]:
    """Leave the buffers of sockets at their usual size: what lies unread in them is no process's memory.

    The kernel, too, takes a size for a wish, and cuts it in silence.
    """
    sizes = [step for option in _BUFFER_SIZES for step in _returning(_EQUAL, option, _NOTHING_DONE)]
    return (
        _instruction(_LOAD, _argument(1)),
        _instruction(_EQUAL, _SOCKET_LEVEL, 0, 1 + len(sizes)),
        _instruction(_LOAD, _argument(2)),
        *sizes,
    )


def _instruction(code: int, value: int, when_true: int = 0, when_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, when_true, when_false, value)


def _returning(test: int, value: int, action: int) -> tuple[bytes, bytes]:
    """Return the action if the loaded word passes the test."""
    return _instruction(test, value, 0, 1), _instruction(_RETURN, action)


def _unless_equal(offset: int, value: int, action: int) -> tuple[bytes, ...]:
    return _instruction(_LOAD, offset), _instruction(_EQUAL, value, 1, 0), _instruction(_RETURN, action)


def _when(number: int, *body: bytes) -> tuple[bytes, ...]:
    """Run the body for that system call; the number is loaded again after it."""
    reload = _instruction(_LOAD, _NUMBER)
    return _instruction(_EQUAL, number, 0, len(body) + 1), *body, reload
