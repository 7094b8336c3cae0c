"""The machine and the versions that figures belong to."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("numba", "numpy", "ortools", "pandas", "polars", "pydantic", "python-calamine", "xlsxwriter")


def facts() -> dict[str, str]:
    """Processor, cores, system, Python and the packages that the figures depend on."""
    return {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "system": f"{platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
    }


def peak_megabytes() -> float:
    """Most memory this process has held at once, in MB (10^6 bytes); 0 where the system does not tell."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text("ascii").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / 1e6
    return 0.0


def _processor() -> str:
    table = Path("/proc/cpuinfo")
    if table.exists():
        names = [line for line in table.read_text("utf-8").splitlines() if line.startswith("model name")]
        if names:
            return names[0].split(":", 1)[1].strip()
    return platform.processor() or platform.machine()
