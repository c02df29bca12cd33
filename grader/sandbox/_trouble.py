"""Why the `bubblewrap` tier does not work on a machine, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_PACKAGES = {"bwrap": "bubblewrap", "prlimit": "util-linux", "setpriv": "util-linux"}

_SWITCHES = Path("/proc/sys")
_APPARMOR = (
    "AppArmor keeps user namespaces from programs without a profile (Ubuntu 23.10 and later). As root, install the "
    "package apparmor-profiles, copy /usr/share/apparmor/extra-profiles/bwrap-userns-restrict to /etc/apparmor.d/ and "
    "load it with `apparmor_parser -r`; for all programs, `sysctl -w kernel.apparmor_restrict_unprivileged_userns=0`."
)
# Where systems deny user namespaces to users: a switch, what it is set to then, and what to do.
_DENIALS = (
    ("user/max_user_namespaces", "0", "As root, `sysctl -w user.max_user_namespaces=15000`."),
    ("kernel/unprivileged_userns_clone", "0", "As root, `sysctl -w kernel.unprivileged_userns_clone=1`."),
    ("kernel/apparmor_restrict_unprivileged_userns", "1", _APPARMOR),
)

_CONTAINER = "--security-opt seccomp=unconfined --security-opt apparmor=unconfined"
_TOO_OLD = "That bubblewrap is too old: 0.10 is needed, or 0.8 with the security updates of Debian 12."
_NO_FILTERS = (
    "Filters of system calls are refused: they need a kernel with CONFIG_SECCOMP_FILTER, and in a container a policy "
    "that lets programs set their own."
)
_FEW_USERS = "There are few users that this root can become, as in a rootless container; grade as an ordinary user."
# Complaints of bubblewrap and the programs that it starts, for root and for users.
_REMEDIES = (
    (r"bwrap: Unknown option", _TOO_OLD),
    (r"(prlimit|setpriv): (unrecognized|invalid|unknown) option", "Install util-linux in place of that program."),
    (r"(?i)seccomp", _NO_FILTERS),
    (r"setpriv: setres[ug]id failed", _FEW_USERS),
    (r"mount proc", "In a container, start that with `--security-opt systempaths=unconfined`."),
)
_ROOT_WITHOUT_RIGHTS = (
    "Root lacks the right to make namespaces, as in most containers: start the container with "
    "`--cap-add SYS_ADMIN --security-opt apparmor=unconfined`, or grade as an ordinary user of the machine."
)
_TOO_MANY = (
    "There may be no more user namespaces, as in many other sandboxes: grade outside of that, or, as root, raise "
    "`user.max_user_namespaces`."
)
_USER_WITHOUT_RIGHTS = (
    f"User namespaces are denied, as in most containers: start the container with `{_CONTAINER}`, "
    "or grade outside of it."
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """One reason against the tier."""

    what: str
    """What is wrong, in a few words and without a full stop."""
    remedy: str = ""
    """What to install or set, in sentences; empty where nothing helps."""

    def __str__(self) -> str:
        return f"{self.what}. {self.remedy}".strip()


def missing_programs(programs: Sequence[str]) -> Trouble:
    """Programs that are not there."""
    packages = " ".join(dict.fromkeys(_PACKAGES[program] for program in programs))
    are = "is" if len(programs) == 1 else "are"
    return Trouble(
        f"{' and '.join(programs)} {are} missing",
        f"Install {packages.replace(' ', ' and ')}; on Debian and Ubuntu: `apt install {packages}`.",
    )


def from_complaint(said: str, *, as_root: bool) -> Trouble:
    """What bubblewrap, or a program that it started, complained of.

    Args:
        said: the complaint.
        as_root: whether root runs it; then no user namespace is made.
    """
    # Two of its processes may speak at once, and some go on for several sentences about where to read more.
    complaint = re.sub(r".*?\b(bwrap: )+", "bwrap: ", " ".join(said.split()), count=1)
    what = complaint.partition(". ")[0].rstrip(".")
    for pattern, remedy in _REMEDIES:
        if re.search(pattern, said):
            return Trouble(what, remedy)
    if as_root:
        return Trouble(what, _ROOT_WITHOUT_RIGHTS if "not permitted" in said else "")
    for switch, denied, remedy in _DENIALS:
        if _is_set(switch, denied):
            return Trouble(what, remedy)
    if "ENOSPC" in said or "No space left" in said:
        return Trouble(what, _TOO_MANY)
    return Trouble(what, _USER_WITHOUT_RIGHTS if re.search("namespace|ermission|ermitted", said) else "")


def _is_set(switch: str, value: str) -> bool:
    try:
        return (_SWITCHES / switch).read_text().strip() == value
    except OSError:
        return False
