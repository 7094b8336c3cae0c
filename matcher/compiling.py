"""Compiles loops, and keeps the compiled code on disk for the next process.

numba tells whether kept code is still right by the function's own file alone; after a change in a function of another file,
whoever calls that one would go on with the old code. So all compiled code lies in a folder that is named by the text of every
file that holds loops, and a change to any of them starts an empty one.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FOLDER = "compiled-"
LOOPS = (b"@compiled", b"@light", b"@loop", b"@part")
"""What marks a file with loops."""
_lock = threading.Lock()


def compiled(body: Callable[..., Any]) -> Any:  # noqa: ANN401  numba's dispatcher, which has no type
    """Compile a function when it is first called, or load it compiled; it runs without Python's lock."""
    return _compiled(body, nogil=True)


def light(body: Callable[..., Any]) -> Any:  # noqa: ANN401
    """As ``compiled``, for a small function that loops call all the time: it makes and returns no array, and calls only such.

    numba counts the holders of an array so that it can be freed when the last one goes: a locked addition for each array at
    each call, which takes longer than a look at a short row. Whoever calls holds the arrays meanwhile, so it is left out.
    """
    return _compiled(body, nogil=True, _nrt=False)


def _compiled(body: Callable[..., Any], **how: bool) -> Any:  # noqa: ANN401
    from numba import config as settings  # noqa: PLC0415  importing numba takes longer than most questions
    from numba import njit  # noqa: PLC0415

    config: Any = settings  # has what it has from the environment, which its type does not tell
    compiling: Any = njit  # nor does its type know all that it can be told
    with _lock:  # where compiled code is kept is decided when a function is decorated
        before = config.CACHE_DIR
        config.CACHE_DIR = str(_kept_in(_floor(body)))
        try:
            return compiling(cache=True, **how)(body)
        finally:
            config.CACHE_DIR = before


def _floor(body: Callable[..., Any]) -> Path:
    """The folder of the floor that a function belongs to: its loops call only such as lie there or below."""
    own = Path(body.__code__.co_filename).resolve()
    return HERE.parent / own.relative_to(HERE.parent).parts[0] if own.is_relative_to(HERE.parent) else own.parent


@lru_cache(maxsize=4)
def _kept_in(floor: Path) -> Path:
    """The folder of a floor's very sources: beside ours where that can be written to, else in the user's cache; others go."""
    text = hashlib.sha256()
    for source in sorted({*HERE.rglob("*.py"), *floor.rglob("*.py")}):
        content = source.read_bytes()
        if any(mark in content for mark in LOOPS):
            text.update(source.name.encode() + content)
    name = f"{FOLDER}{floor.name}-{text.hexdigest()[:16]}"
    beside = HERE / "__pycache__"
    try:
        return _made(beside, name)
    except OSError:
        return _made(cache_folder(), name)


def _made(home: Path, name: str) -> Path:
    """The folder, made if it is not there, in a place that can be written to; what earlier sources left there goes."""
    folder = home / name
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder):
        pass
    for other in home.glob(f"{name.rpartition('-')[0]}-*"):
        if other != folder and home.parent == HERE:  # the user's cache may serve other installations too
            shutil.rmtree(other, ignore_errors=True)
    return folder


def cache_folder() -> Path:
    """Where generated modules are kept: ``MATCHER_CACHE``, else the user's cache, else a folder that goes with the process.

    What lies there is run, so it must be the user's own and closed to others.
    """
    base = os.environ.get("MATCHER_CACHE") or os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    folder = (Path(base) if base else Path.home() / ".cache") / "matcher"
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _is_private(folder):
            return folder
    return Path(_passing_folder().name)


@lru_cache(maxsize=1)
def _passing_folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="matcher-")


def _is_private(folder: Path) -> bool:
    """Whether only this user can write there (Windows keeps the user's own folder closed by itself)."""
    if os.name == "nt":
        return os.access(folder, os.W_OK)
    found = folder.stat()
    return found.st_uid == os.getuid() and not found.st_mode & 0o022 and os.access(folder, os.W_OK)
