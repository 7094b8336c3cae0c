"""Runs the one loop over all pairs (``matcher.loop_source``): compiles it and keeps it compiled for the next process.

The generated module is written to a cache folder under a name made of its own text: numba keeps compiled code only for
functions of a file that can be imported by name. A changed setting compiles nothing.
"""

from __future__ import annotations

import hashlib
import importlib.util
import inspect
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from matcher import bodies
from matcher.ask import settings_for, vocabulary_of
from matcher.compiling import cache_folder
from matcher.errors import RuleError
from matcher.loop_source import generated_source, needed_columns

if TYPE_CHECKING:
    from matcher.ask import IndexArray
    from matcher.candidates import IntArray
    from matcher.rules import Eligibility, Rulebook
    from matcher.table import People


def fused_pairs(
    people: People, rulebook: Rulebook, rules: Sequence[Eligibility], children: IndexArray, volunteers: IndexArray
) -> tuple[IntArray, IntArray, IntArray]:
    """Child, volunteer and points of the pairs that all ``rules`` about two allow, sorted; each shape (pairs,), int64.

    ``children`` and ``volunteers`` are the rising indices of those who may be paired at all.
    """
    criteria = rulebook.criteria
    words = {name: vocabulary.machine_words for name, vocabulary in people.vocabularies.items()}
    loop = loop_of(generated_source(rules, criteria, words, {f.key: vocabulary_of(f) for f in (*rules, *criteria)}))
    arguments: list[Any] = []
    for column in needed_columns((*rules, *criteria)):
        values = people.values(column)
        index = children if column.startswith("child_") else volunteers
        arguments += [np.ascontiguousarray(word[index]) for word in (values if isinstance(values, tuple) else (values,))]
    for function in (*rules, *criteria):
        for value in settings_for(people, rulebook, function, split=True).values():
            arguments += [np.uint64(word) for word in value] if isinstance(value, tuple) else [float(value)]
    arguments += [float(cap) for cap in rulebook.caps]
    child, volunteer, points = loop(len(children), len(volunteers), *arguments)
    return children[child].astype(np.int64), volunteers[volunteer].astype(np.int64), points.astype(np.int64)


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
