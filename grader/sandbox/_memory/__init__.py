"""How much memory all processes of an execution hold together: a cgroup limits it, or else a look counts it."""
