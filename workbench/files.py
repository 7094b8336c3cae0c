"""Writing a command's files: all of them or none, never half a file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from matcher.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def beside(case: Path) -> Path:
    """The default folder of answers: ``out`` beside the case."""
    return Path(os.path.abspath(case)).parent / "out"  # noqa: PTH100  resolve() would follow a link away from the case


def usable(folder: Path) -> Path:
    """Refuse a folder that cannot be written before any work is done; raises ``UsageError``."""
    if folder.exists() and not folder.is_dir():
        raise UsageError("out_is_file", folder=str(folder))
    above = next(f for f in (folder, *folder.absolute().parents) if f.exists())
    if not above.is_dir() or not os.access(above, os.W_OK | os.X_OK):
        raise UsageError("out_unwritable", folder=str(folder))
    return folder


def write_all(folder: Path, contents: Mapping[str, bytes], *, stale: Iterable[str] = ()) -> tuple[Path, ...]:
    """Write files beside their places first and put them in place when all are whole; raises ``UsageError``.

    A name may lie in a folder below (``calendars/matcher-M1.ics``). ``stale``: files of an earlier run, removed at the end.
    """
    waiting: list[tuple[Path, Path]] = []
    path = folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
            waiting.append((temporary, path))
            temporary.write_bytes(content)
        for temporary, path in waiting:
            temporary.replace(path)
        for name in stale:
            path = folder / name
            path.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError("file_unwritable", file=str(path), why=error.strerror or type(error).__name__) from error
    finally:
        for temporary, _ in waiting:
            temporary.unlink(missing_ok=True)
    return tuple(folder / name for name in contents)
