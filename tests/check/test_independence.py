"""The checker stands alone: the standard library and itself."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import matcher.check

FOLDER = Path(matcher.check.__file__).parent


def test_it_imports_nothing_but_the_standard_library_and_itself() -> None:
    for file in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or "."]
            else:
                continue
            for name in names:
                assert name.split(".")[0] in sys.stdlib_module_names or name.startswith("matcher.check."), (file.name, name)


def test_importing_it_loads_no_solver_and_no_engine() -> None:
    code = "import sys, matcher.check; print(sorted(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=FOLDER.parents[1])
    loaded = set(ast.literal_eval(answer.stdout))
    assert loaded.isdisjoint({"ortools", "numpy", "numba", "pandas", "scipy", "pydantic", "constraints"})
    assert {name for name in loaded if name.startswith("matcher.")} == {
        f"matcher.check{'' if file.stem == '__init__' else '.' + file.stem}" for file in FOLDER.glob("*.py")
    } - {"matcher.check."}
