"""Compiles the one loop over all pairs (``matcher.loop_source``) and keeps it compiled for the next process.

The generated module is written to a cache folder under a name made of its own text: numba keeps compiled code only for
functions of a file that can be imported by name. A changed setting compiles nothing.
"""

from __future__ import annotations

import hashlib
import importlib.util
import inspect
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from matcher import bodies
from matcher.errors import RuleError


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


@lru_cache(maxsize=32)
def loop_of(source: str) -> Callable[..., Any]:
    """Compile the loop of a generated module, or load it compiled from an earlier process."""
    kept_by = hashlib.sha256()
    for text in (source, inspect.getsource(bodies), _compiled_source()):
        kept_by.update(text.encode())
    name = f"matcher_fused_{kept_by.hexdigest()[:20]}"
    folder = cache_folder()
    path = folder / f"{name}.py"
    if not path.exists() or path.read_text("utf-8") != source:
        with tempfile.NamedTemporaryFile("w", dir=folder, suffix=".tmp", delete=False, encoding="utf-8") as part:
            part.write(source)
        Path(part.name).replace(path)
    loop: Callable[..., Any] = _imported(name, path).fused
    return loop


def _compiled_source() -> str:
    return Path(__file__).with_name("compiled.py").read_text("utf-8")


def _imported(name: str, path: Path) -> ModuleType:
    """Import a file by name; it stays importable by name, which numba's cache asks for."""
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise RuleError(f"cannot import the generated module {name}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
