"""Runs every benchmark, each in a process of its own with one thread, and writes ``docs/performance.md``.

``python -m benchmarks`` measures them all; ``python -m benchmarks scoring`` only prints that one, and with ``--page`` puts it in
the place of its section in the page, too. The calendar and what-if have smaller volumes (``--quick``); the calendar can go
on where it was stopped (``--keep FOLDER``).
"""

from __future__ import annotations

import argparse
import inspect
import os
import pkgutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import benchmarks
from benchmarks.tools.section import Section

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

ROOT = Path(__file__).resolve().parent.parent
THREADS = ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
"""Variables that hold every library to one thread; they must be set before it is imported."""


def names() -> list[str]:
    """Every benchmark: the plain modules of this package."""
    found = [module.name for module in pkgutil.iter_modules(benchmarks.__path__) if not module.ispkg]
    return sorted((name for name in found if not name.startswith("_")), reverse=True)


def measured(name: str, words: Sequence[str]) -> Section:
    """Run one benchmark in a fresh process, with more words for its command line."""
    print(f"{name} ...", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "section.json"
        environment = {**os.environ, **dict.fromkeys(THREADS, "1")}
        subprocess.run(  # noqa: S603  this very Python, and a module named above
            [sys.executable, "-m", "benchmarks", name, "--to", str(answer), *words], cwd=ROOT, env=environment, check=True
        )
        return Section.of_json(answer.read_text("utf-8"))


def volumes(name: str, *, quick: bool, keep: Path | None) -> dict[str, Any]:
    """Of how much is to be run, what a benchmark can be told."""
    known = inspect.signature(import_module(f"benchmarks.{name}").measure).parameters
    return {key: value for key, value in {"quick": quick, "keep": keep}.items() if key in known}


def put_in_page(section: Section, day: date) -> Path:
    """Put one section in its place in the page, last where it is new, with the day; the others stay as they are."""
    from benchmarks.tools import page, pictures  # noqa: PLC0415  a measuring process draws nothing

    written = ROOT / "docs" / "performance.md"
    parts = written.read_text("utf-8").rstrip("\n").split("\n\n## ")
    mine = [page.in_words(replace(section, text=(f"Measured on {day}, by itself.", *section.text)))]
    for picture in section.pictures:
        pictures.draw(picture, written.with_name(f"{picture.name}.svg"))
        mine.append(f"![{picture.title}]({picture.name}.svg)")
    text = "\n\n".join(mine).removeprefix("## ")
    place = next((k for k, part in enumerate(parts) if part.partition("\n")[0] == section.title), len(parts))
    written.write_text("\n\n## ".join([*parts[:place], text, *parts[place + 1 :]]) + "\n", encoding="utf-8", newline="\n")
    return written


def main() -> None:
    """Read the command line and do what it asks."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("name", nargs="?", choices=names(), help="measure this one only, and print it")
    parser.add_argument("--quick", action="store_true", help="smaller volumes, a few minutes, of a benchmark that has them")
    parser.add_argument("--keep", type=Path, help="folder of finished runs, of a benchmark that has long ones")
    parser.add_argument("--page", action="store_true", help="put the one section in its place in the page")
    parser.add_argument("--to", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.to is not None:
        told = volumes(asked.name, quick=asked.quick, keep=asked.keep)
        asked.to.write_text(import_module(f"benchmarks.{asked.name}").measure(**told).json(), "utf-8")
        return
    from benchmarks.tools import machine, page  # noqa: PLC0415  a measuring process draws nothing

    words = ["--quick"] * asked.quick + (["--keep", str(asked.keep.resolve())] if asked.keep else [])
    sections = [measured(name, words) for name in ([asked.name] if asked.name else names())]
    print("\n\n".join(page.in_words(section) for section in sections))
    day, written = datetime.now(ZoneInfo("Europe/Copenhagen")).date(), None
    if not asked.name:
        written = page.write_page(sections, ROOT / "docs", day=day, facts=machine.facts())
    elif asked.page:
        written = put_in_page(sections[0], day)
    if written:
        print(f"\n{written.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
