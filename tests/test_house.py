"""The house around the code: floors, file sizes, requirements, papers, and what must not be named anywhere."""

from __future__ import annotations

import ast
import os
import re
import runpy
import shutil
import subprocess
import sys
import textwrap
import tomllib
from importlib.metadata import entry_points
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FLOORS = ("matcher", "constraints", "scenarios", "workbench")
NOT_OURS = {".git", ".venv", "__pycache__", "out", "mutants", "build", "dist"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def files_of_the_project() -> list[Path]:
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [f for f in folders if f not in NOT_OURS and not f.endswith((".egg-info", "_cache", ".hypothesis"))]
        found += [Path(folder, name) for name in names if not name.endswith(".pyc")]
    return sorted(found)


FILES = files_of_the_project()
MODULES = [path for path in FILES if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in FLOORS]
PAPERS = [path for path in FILES if path.suffix == ".md"]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def dev(*arguments: str, before: str = "pass") -> subprocess.CompletedProcess[str]:
    """Run dev.py as a person would, after a line of Python."""
    path = str(ROOT / "dev.py")
    code = f"import runpy, sys; {before}; sys.argv[1:] = {arguments!r}; runpy.run_path({path!r}, run_name='__main__')"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=False)


# The floors


def test_floors_look_one_way_only():
    code = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run([sys.executable, "-c", code, "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def imports_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(path)}: relative import"
            found.add(node.module or "")
    return found


@pytest.mark.parametrize("path", [p for p in MODULES if "matcher/check/" in name(p)], ids=name)
def test_checker_imports_nothing_but_python_and_itself(path):
    foreign = {module for module in imports_of(path) if module.split(".")[0] not in sys.stdlib_module_names}
    assert {module for module in foreign if module != "matcher.check" and not module.startswith("matcher.check.")} == set()


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_modules_are_small(path):
    assert len(path.read_text("utf-8").splitlines()) <= 400


@pytest.mark.parametrize("folder", sorted({path.parent for path in MODULES}), ids=name)
def test_packages_say_what_they_are_for(folder):
    assert (folder / "__init__.py").is_file(), "a package needs an __init__.py"
    assert ast.get_docstring(ast.parse((folder / "__init__.py").read_text("utf-8"))), "its docstring is missing"


# The two commands


def test_dev_offers_what_the_papers_name():
    offered = set(re.findall(r"\w+", re.search(r"\{(.*?)\}", dev("--help").stdout)[1]))
    named = {command for paper in PAPERS for command in re.findall(r"\bdev\.py (\w+)", paper.read_text("utf-8"))}
    assert {"run", "test"} <= named <= offered


def test_readme_has_its_two_commands_on_lines_of_their_own():
    lines = (ROOT / "README.md").read_text("utf-8").splitlines()
    assert [line for line in lines if line.startswith("python3 ")] == ["python3 dev.py run", "python3 dev.py test"]


def test_dev_needs_only_python():
    assert {module.split(".")[0] for module in imports_of(ROOT / "dev.py")} <= sys.stdlib_module_names


def test_dev_tells_a_wrong_python_in_a_sentence():
    done = dev("run", before="sys.version_info = (3, 12, 1, 'final', 0)")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        "Matcher skal bruge Python 3.11, og dette er Python 3.12: skriv python3.11 i stedet for python3.",
        "Matcher needs Python 3.11, and this is Python 3.12: write python3.11 instead of python3.",
    ]


def test_dev_refuses_an_unknown_command():
    assert dev("fly").returncode == 2


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is what runs it")
def test_ci_runs_the_readme_test_command():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0
    assert "dev.py test" in script.read_text("utf-8")


def test_console_command_is_the_workbench():
    assert PROJECT["scripts"] == {"matcher": "workbench.cli:main"}
    (command,) = entry_points(group="console_scripts", name="matcher")
    assert command.value == "workbench.cli:main"


# Requirements

LOCKED = ("run", "test", "bench", "tools")
PINNED = re.compile(r"[a-z0-9][a-z0-9-]*==[0-9][0-9a-z.]*( --hash=sha256:[0-9a-f]{64})+( # via [a-z0-9, -]*)?")


def locked_lines(which: str) -> list[str]:
    text = (ROOT / "requirements" / f"{which}.txt").read_text("utf-8")
    joined = re.sub(r"\s*\\\n\s*", " ", text)
    joined = re.sub(r"\n[ ]+#", " #", joined)
    joined = re.sub(r"-[rc] requirements/\w+\.(in|txt)", "wish", joined)
    return [line for line in joined.splitlines() if line and not line.startswith("#")]


@pytest.mark.parametrize("which", LOCKED)
def test_every_requirement_is_pinned_by_hash_and_no_address_is_named(which):
    lines = locked_lines(which)
    assert lines
    assert [line for line in lines if not PINNED.fullmatch(line)] == []


@pytest.mark.parametrize("which", LOCKED)
def test_every_wish_is_locked(which):
    wishes = (ROOT / "requirements" / f"{which}.in").read_text("utf-8").splitlines()
    wished = {re.match(r"[a-z0-9-]+", line)[0] for line in wishes if re.match(r"[a-z]", line)}
    assert wished <= {line.split("==")[0] for line in locked_lines(which)}


def test_locks_agree_on_versions():
    versions: dict[str, set[str]] = {}
    for line in (line for which in LOCKED for line in locked_lines(which)):
        package, _, rest = line.partition("==")
        versions.setdefault(package, set()).add(rest.split()[0])
    assert {package: found for package, found in versions.items() if len(found) > 1} == {}
    assert {line.split()[0] for line in locked_lines("run")} <= {line.split()[0] for line in locked_lines("test")}


# Papers

LINK = re.compile(r"\]\(([^)\s#]+)[^)]*\)")


@pytest.mark.parametrize("paper", PAPERS, ids=name)
def test_links_lead_somewhere(paper):
    links = [link for link in LINK.findall(paper.read_text("utf-8")) if "://" not in link and not link.startswith("mailto:")]
    assert [link for link in links if not (paper.parent / link).exists()] == []


def test_rule_of_contributing_answers_its_own_examples(tmp_path):
    (block,) = re.findall(r"```python\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.DOTALL)
    path = tmp_path / "few_friendships.py"
    path.write_text(textwrap.dedent(block).rstrip() + "\n", "utf-8")
    for check in (["check"], ["format", "--check"]):
        command = [sys.executable, "-m", "ruff", *check, "--config", str(ROOT / "pyproject.toml"), str(path)]
        assert subprocess.run(command, check=False).returncode == 0
    rule = runpy.run_path(str(path))["few_friendships"]
    assert rule.key == path.stem
    assert {example.expected for example in rule.examples} == {True, False}
    assert [rule(**example.values) for example in rule.examples] == [example.expected for example in rule.examples]
    for language in ("da", "en"):
        assert rule.reason[language].format(volunteer_active_friendships=3, max_friendships=2)


def test_changelog_knows_this_version():
    assert f"## [{PROJECT['version']}]" in (ROOT / "CHANGELOG.md").read_text("utf-8")


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?<![\w.~])/(?:work|root|home|Users|opt|tmp|private|mnt)/",  # a folder of somebody's machine
        r"[A-Za-z]:\\+Users\\",
        r"pypi[.](?:org|python)|python[h]osted|npm[j]s[.]|--(?:extra-)?index-url[ =]\S*:",  # where packages come from
    ],
)
def test_no_file_names_a_machine_or_a_registry(pattern):
    found = re.compile(pattern.encode())
    assert [name(path) for path in FILES if found.search(path.read_bytes())] == []
