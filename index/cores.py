"""How many cores are ours to use."""

from __future__ import annotations

import os


def cores() -> int:
    """As many as the system lets this process run on."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1
