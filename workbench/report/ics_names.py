"""Names of personal calendar files: safe on every system, and never the same for two people."""

from __future__ import annotations

import re
from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING

from workbench.report.ics_earlier import PRODUCT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

FOLDER = "calendars"
"""Of the output folder: where the personal calendars lie."""
_PLAIN = re.compile(r"[A-Za-z0-9._-]{1,60}")
_STRANGE = re.compile(r"[^A-Za-z0-9._-]+")


def file_names(role: str, ids: Iterable[str]) -> Mapping[str, str]:
    """The file of each id, such as ``calendars/volunteer-V0001.ics``.

    The ``role`` in front keeps clear of names that Windows reserves. An id of other letters or signs, a long one, and ids
    that differ by upper and lower case alone (one file on many systems) are marked by a digest of the exact id.
    """
    everybody = sorted(set(ids))
    alike = Counter(name.lower() for name in everybody)
    return {name: f"{FOLDER}/{role}-{_safe(name, alone=alike[name.lower()] == 1)}.ics" for name in everybody}


def _safe(name: str, *, alone: bool) -> str:
    if alone and _PLAIN.fullmatch(name):
        return name
    return f"{_STRANGE.sub('-', name)[:40]}~{sha256(name.encode()).hexdigest()[:16]}"


def left_over(folder: Path, written: Iterable[str]) -> tuple[str, ...]:
    """Personal calendars in an output folder that an earlier run wrote and that are not among the ``written``, sorted.

    Whoever is no longer planned and must be told that a meeting is off still has a file among the written.
    """
    names = {name.lower(): folder / name for name in written}
    found = [path for path in sorted((folder / FOLDER).glob("*.ics")) if _ours(path)]
    return tuple(f"{FOLDER}/{path.name}" for path in found if not _same(path, names.get(f"{FOLDER}/{path.name}".lower())))


def _ours(path: Path) -> bool:
    try:
        return PRODUCT.encode() in path.read_bytes()
    except OSError:  # a folder, or somebody else's: not to be touched
        return False


def _same(path: Path, written: Path | None) -> bool:
    """Whether two names are one file: on some systems they are where they differ by upper and lower case."""
    return written is not None and written.exists() and path.samefile(written)
