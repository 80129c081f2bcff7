"""The machine in words: nothing that names it."""

import datetime as dt
import os
import platform
from pathlib import Path


def machine() -> dict[str, str]:
    """The day, cores, memory, kernel's name and Python's version."""
    memory = Path("/proc/meminfo").read_text().split()[1]
    return {
        "day": dt.datetime.now(dt.UTC).date().isoformat(),
        "hardware": f"{os.cpu_count()} shared cores, {int(memory) / 1024**2:.0f} GB of memory",
        "python": ".".join(platform.python_version_tuple()[:2]),
    }
