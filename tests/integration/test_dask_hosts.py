"""A class graded on hosts of their own: network namespaces of this machine, on a bridge. Only where asked for."""

import os
import shutil
import subprocess
import sys

import pytest

from tests.integration.test_dask import SLOW, SLOWER, a_class, answers, cluster, serial, until

ASKED = "KATA_TEST_HOSTS"
WHY_NOT = (
    f"makes network namespaces; set {ASKED}=1 to have that"
    if not os.environ.get(ASKED)
    else "only root can make network namespaces"
    if os.geteuid() != 0
    else "there is no `ip`; install iproute2"
    if shutil.which("ip") is None
    else None
)
pytestmark = pytest.mark.skipif(WHY_NOT is not None, reason=str(WHY_NOT))
__all__ = ["a_class", "cluster", "serial"]
HUB = "kata-hub"
HOSTS = {"kata-one": "10.77.0.11", "kata-two": "10.77.0.12"}


def ip(*words):
    """Set up networks."""
    subprocess.run(["ip", *words], check=True)


def inside(name):
    """What to put before a command that is to run on a host."""
    return ["ip", "netns", "exec", name]


@pytest.fixture
def hosts():
    """Two hosts and a hub, which reach each other and nothing else."""
    names = [HUB, *HOSTS]
    try:
        for name in names:
            ip("netns", "add", name)
            ip("-n", name, "link", "set", "lo", "up")
        ip("-n", HUB, "link", "add", "bridge", "type", "bridge")
        ip("-n", HUB, "addr", "add", "10.77.0.1/24", "dev", "bridge")
        ip("-n", HUB, "link", "set", "bridge", "up")
        for number, (name, address) in enumerate(HOSTS.items()):
            ip("-n", HUB, "link", "add", f"port{number}", "type", "veth", "peer", "name", "cable", "netns", name)
            ip("-n", HUB, "link", "set", f"port{number}", "master", "bridge", "up")
            ip("-n", name, "addr", "add", f"{address}/24", "dev", "cable")
            ip("-n", name, "link", "set", "cable", "up")
        yield HOSTS
    finally:
        for name in names:
            subprocess.run(["ip", "netns", "del", name], check=False)


def test_cable_pulled(a_class, cluster, kata, tiny, hosts):
    """Two hosts grade a class; the cable of one is pulled during it, and the other one does the rest."""
    cluster.close()
    cluster.address = ""
    cluster.start_scheduler("10.77.0.1", inside(HUB), DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL="3s")
    for name, address in hosts.items():
        cluster.start_worker("--host", address, before=inside(name))
    digests = a_class.hand_in({**answers(12), "slow": SLOW, "slower": SLOWER})
    argv = [sys.executable, "-m", "grader", "--catalog", str(tiny), "class", "grade", "--dask", cluster.address]
    run = subprocess.Popen([*inside(HUB), *argv], cwd=kata.cwd, env=kata.env, stderr=subprocess.PIPE, text=True)
    (victim, *_) = until(lambda: cluster.workers_with(digests["slow"]), "the slow one is graded")
    (name,) = [name for name in hosts if name in victim.args]
    ip("-n", name, "link", "set", "cable", "down")
    a_class.assert_ends_as_here(run, digests)
