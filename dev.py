"""Set the project up and run it: ``python3 dev.py run`` and ``python3 dev.py test`` (README.md).

Standard library only. Nothing here needs a newer Python to be parsed, so a wrong version is told in a sentence.
"""

import argparse
import hashlib
import importlib.util
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NoReturn

if sys.version_info[:2] != (3, 11):
    sys.exit(
        "Matcher skal bruge Python 3.11, og dette er Python {0}.{1}: skriv python3.11 i stedet for python3.\n"
        "Matcher needs Python 3.11, and this is Python {0}.{1}: write python3.11 instead of python3.".format(*sys.version_info)
    )

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
SCRIPTS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = str(SCRIPTS / ("python.exe" if os.name == "nt" else "python"))
MATCHER = str(SCRIPTS / "matcher")
LOCKS = ROOT / "requirements"
EXAMPLE = "examples/hovedstaden.xlsx"
PLAIN = {
    "PYTHONUTF8": "1",
    "PIP_NO_INPUT": "1",
    "PIP_USER": "0",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_ROOT_USER_ACTION": "ignore",
}
"""Variables that keep a machine's own habits out of ours."""
HANDBOOK = """
from datetime import date
from constraints import handbook, policy, rulebook
print(handbook.handbook(rulebook.load_rulebook(date.today()), policy.load_policy()), end="")
"""
TESTED = ("matcher", "constraints", "scenarios", "workbench", "tests", "notebooks")
Command = list[str]


def call(*command: str, **variables: str) -> int:
    """Run a command in the project's folder, without a keyboard; return its exit code."""
    sys.stdout.flush()
    environment = {**os.environ, **PLAIN, **variables}
    return subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=False).returncode


def works(*command: str, explain: bool = False) -> bool:
    """Tell whether a command exists and ends well; what it says is shown only if it fails and should ``explain``."""
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, **PLAIN},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
    except OSError:
        return False
    if explain and done.returncode:
        print(done.stdout.decode(errors="replace"))
    return done.returncode == 0


def stamp(name: str) -> Path:
    """Return the file that remembers what was installed last."""
    return VENV / f"installed-{name}.txt"


def fingerprint(name: str) -> str:
    """Return what an environment is made from: its requirements, the project's own data, and the place."""
    parts = [(LOCKS / f"{name}.txt").read_bytes(), (ROOT / "pyproject.toml").read_bytes(), bytes(ROOT)]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def is_ready(name: str) -> bool:
    """Tell whether the environment already holds exactly these requirements."""
    return Path(PYTHON).exists() and stamp(name).exists() and stamp(name).read_text("ascii") == fingerprint(name)


def make_environment() -> None:
    """Make ``.venv`` where it is missing or of another Python; a Python without ensurepip makes one without pip."""
    if works(PYTHON, "-c", "import sys; sys.exit(sys.version_info[:2] != (3, 11))"):
        return
    bare = [] if importlib.util.find_spec("ensurepip") else ["--without-pip"]
    if not works(sys.executable, "-m", "venv", "--clear", *bare, str(VENV), explain=True):
        stop_without_tools()


def installer() -> Command:
    """Return a pip that installs into ``.venv``: its own, else that of the Python which runs this file."""
    pips = [PYTHON, "-m", "pip"], [sys.executable, "-m", "pip", "--python", PYTHON]
    return next((pip for pip in pips if works(*pip, "--version")), None) or stop_without_tools()


def stop_without_tools() -> NoReturn:
    """End with what to install."""
    sys.exit(
        "Denne Python mangler venv eller pip. Installér dem (Debian og Ubuntu: apt-get install python3.11-venv), og prøv igen.\n"
        "This Python lacks venv or pip. Install them (Debian and Ubuntu: apt-get install python3.11-venv) and try again."
    )


def set_up(name: str, *enough: str) -> None:
    """Install the requirements of that name and the project itself, unless they, or one of ``enough``, are there already."""
    if any(is_ready(other) for other in (name, *enough)):
        return
    print("Gør klar; første gang tager det nogle minutter ... / Setting up; a few minutes the first time ...", flush=True)
    make_environment()
    pip = [*installer(), "install", "--quiet"]
    packages = [*pip, "--require-hashes", "--only-binary=:all:", "-r", str(LOCKS / f"{name}.txt")]
    project = [*pip, "--no-deps", "--no-build-isolation", "-e", str(ROOT)]
    if not (works(*packages, explain=True) and works(*project, explain=True)):
        sys.exit(
            "Pakkerne kunne ikke installeres; årsagen står ovenfor. Er der forbindelse til nettet?\n"
            "The packages could not be installed; the reason stands above. Is there a network?"
        )
    stamp(name).write_text(fingerprint(name), "ascii")
    if name != "tools":
        compile_ahead()


def compile_ahead() -> None:
    """Compile what large questions need, for this user; where that fails, it is compiled when it is needed."""
    print("Oversætter de tunge beregninger; kun denne ene gang ... / Compiling the heavy loops; only this once ...", flush=True)
    works(PYTHON, "-m", "workbench.ahead")


def run() -> int:
    """Show the main job on the example: check it, propose, plan, and lay the year. Stops at the first that fails."""
    set_up("run", "test", "bench")
    steps = {
        ("check", EXAMPLE): "Tjekker regnearket",
        ("propose", EXAMPLE): "Finder forslag til hvert barn",
        ("assign", EXAMPLE): "Lægger den bedste plan",
        ("calendar", EXAMPLE, "--year", "2027"): "Lægger årets kalender",
    }
    for number, (command, title) in enumerate(steps.items(), start=1):
        print(f"\n[{number}/{len(steps)}] {title}: matcher {' '.join(command)}")
        code = call(MATCHER, *command)
        if code:
            return code
    return 0


def test(*, long: bool) -> int:
    """Run every check, also after one has failed; return the first exit code that is not 0."""
    set_up("test", "bench")
    python = [PYTHON, "-m"]
    checks: dict[str, Command] = {
        "ruff check": [*python, "ruff", "check"],
        "ruff format": [*python, "ruff", "format", "--check"],
        "mypy --strict": [*python, "mypy", "--strict"],
        "lint-imports": [PYTHON, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-logo"],
        "pytest": [*python, "pytest", "-n", "auto", "--hypothesis-profile=ci", "--doctest-modules", "--nbmake", *TESTED],
    }
    results = {}
    for title, command in checks.items():
        print(f"\n--- {title}")
        began = time.monotonic()
        code = call(*command, MATCHER_LONG="1" if long else "")
        results[title] = (code, time.monotonic() - began)
    print()
    for title, (code, seconds) in results.items():
        print(f"{title:<14} {'ok' if code == 0 else f'FAILED ({code})':<12} {seconds:6.1f} s")
    return next((code for code, _ in results.values() if code), 0)


def docs() -> int:
    """Write docs/rules.md anew from the rules themselves, in both languages."""
    set_up("run", "test", "bench")
    made = subprocess.run([PYTHON, "-c", HANDBOOK], cwd=ROOT, env={**os.environ, **PLAIN}, stdout=subprocess.PIPE, check=False)
    if made.returncode == 0:
        (ROOT / "docs" / "rules.md").write_bytes(made.stdout.replace(b"\r\n", b"\n"))
    return made.returncode


def lock(*, upgrade: bool) -> int:
    """Compile requirements/*.in to *.txt: every version pinned, every file's hash, no address of where it came from."""
    set_up("tools")
    silent = [f"--no-emit-{what}" for what in ("index-url", "find-links", "trusted-host", "options")]
    form = ["--generate-hashes", "--allow-unsafe", "--strip-extras", "--annotation-style=line", "--no-header", "--newline=lf"]
    command = [PYTHON, "-m", "piptools", "compile", "--quiet", *silent, *form, *(["--upgrade"] if upgrade else [])]
    for name in ("run", "test", "bench", "tools"):
        code = call(*command, "--output-file", f"requirements/{name}.txt", f"requirements/{name}.in")
        if code:
            return code
    return 0


def bench(*, words: "list[str]") -> int:
    """Run the benchmarks; they print their own tables."""
    set_up("bench")
    return call(PYTHON, "-m", "benchmarks", *words)


def main() -> int:
    """Read the command line and do what it asks."""
    parser = argparse.ArgumentParser(prog="dev.py", description="Set up and run the project.")
    commands = parser.add_subparsers(dest="command", required=True)
    for job in (run, test, docs, lock, bench):
        commands.add_parser(job.__name__, help=job.__doc__)
    commands.choices["test"].add_argument("--long", action="store_true", help="the large volumes too")
    commands.choices["bench"].add_argument("words", nargs=argparse.REMAINDER, help="words for them: a name, --quick, --page")
    commands.choices["lock"].add_argument("--upgrade", action="store_true", help="to the newest versions allowed")
    arguments = vars(parser.parse_args())
    return int(globals()[arguments.pop("command")](**arguments))


if __name__ == "__main__":
    sys.exit(main())
