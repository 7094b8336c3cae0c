"""The machine and the versions that figures belong to."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = (
    *("highspy", "lapjv", "lapx", "numba", "numpy", "ortools", "pandas", "polars", "pydantic", "python-calamine", "scipy"),
    "simpy",
    "timefold",
    "xlsxwriter",
)


def facts() -> dict[str, str]:
    """Processor, cores, system, Python and the packages that the figures depend on."""
    return {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "system": f"{platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
        **{name: _version(name) for name in PACKAGES},
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def peak_megabytes() -> float:
    """Most memory this process has held at once, in MB (10^6 bytes); 0 where the system does not tell."""
    return _megabytes("VmHWM")


def held_megabytes() -> float:
    """Memory this process holds now, likewise."""
    return _megabytes("VmRSS")


def _megabytes(name: str) -> float:
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text("ascii").splitlines() if line.startswith(name))
        return int(line.split()[1]) * 1024 / 1e6
    return 0.0


def _processor() -> str:
    table = Path("/proc/cpuinfo")
    if table.exists():
        names = [line for line in table.read_text("utf-8").splitlines() if line.startswith("model name")]
        if names:
            return names[0].split(":", 1)[1].strip()
    return platform.processor() or platform.machine()
