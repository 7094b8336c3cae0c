"""Saved scenarios: each file is one or more, by the file's name."""

from __future__ import annotations

from importlib import resources

from scenarios.fields import one_of
from scenarios.scenario_file import ScenarioFile, read_scenarios


def names() -> tuple[str, ...]:
    """What the saved files are called."""
    files = resources.files(__package__).iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))


def saved(name: str) -> ScenarioFile:
    """The scenarios of a saved file.

    Raises
    ------
    UsageError
        No file is called that; the nearest is named, and all are listed.
    """
    known = one_of(name.strip().lower().removesuffix(".toml"), names(), "library_unknown")
    return read_scenarios(resources.files(__package__).joinpath(f"{known}.toml").read_bytes(), f"{known}.toml")
