"""A wrong command line: exit 2, nothing on standard output, and a sentence in the chosen language."""

from __future__ import annotations

import subprocess
import sys

import pytest

from workbench.cli import main
from workbench.help import language_of


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "Der mangler en kommando: check, propose"),
        ("propse data", "Mente du propose?"),
        ("check", "CASE mangler."),
        ("check data --langauge en", "Mente du --language?"),
        ("check data --language fr", "--language har en ugyldig værdi. Forventet: da eller en."),
        ("check data --format xml", "--format har en ugyldig værdi. Forventet: text eller json."),
        ("propose data --top 0", "--top har en ugyldig værdi. Forventet: et helt tal fra 1."),
        ("propose data --top to", "--top har en ugyldig værdi."),
        ("propose data --top", "--top skal følges af en værdi."),
        ("check data mere", "Overflødigt: mere."),
        ("why data", "--child mangler."),
        ("sample --out x --children -1", "--children har en ugyldig værdi. Forventet: et helt tal fra 0."),
        ("why data --language en", "--child is missing."),
        ("--language=en fly", "No option is called --language."),
        ("fly --language=en", "No command is called fly."),
    ],
)
def test_said_in_words(capsys, line, said):
    assert main(line.split()) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert said in captured.err
    assert "Traceback" not in captured.err


COMMANDS = [
    "check",
    "propose",
    "why",
    "assign",
    "fairness",
    "calendar",
    "meet",
    "outing",
    "whatif",
    "recruit",
    "advise",
    "shadow",
    "template",
    "rules",
    "settings",
    "sample",
]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("language", ["da", "en"])
def test_help_is_in_the_language(capsys, command, language):
    assert main([command, "--help", "--language", language]) == 0
    text = capsys.readouterr().out
    assert text.startswith({"da": f"Brug: matcher {command}", "en": f"Usage: matcher {command}"}[language])
    assert all(
        option in text for option in ("--out", "--format", "--language", "--time-limit", "--seed", "--workers", "--settings")
    )
    foreign = {"da": ("Options", "Show", "the ", "default"), "en": ("Tilvalg", "vis ", "mappe", "standard:")}[language]
    assert [word for word in foreign if word in text] == []


def test_version_and_help(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("matcher ")
    assert main(["--help"]) == 0
    assert "Et menneske beslutter." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "language"),
    [([], "da"), (["--language", "en"], "en"), (["--language=en"], "en"), (["--language"], "da"), (["en"], "da")],
)
def test_language_is_known_before_the_rest_is_read(arguments, language):
    assert language_of(arguments) == language


def test_help_is_there_at_once():
    """Processor time, since a busy machine makes the wall clock useless."""
    code = "import sys, time; from workbench.cli import main; main(['--help']); "
    code += "print({'numpy', 'pandas', 'numba', 'ortools', 'rich'} & set(sys.modules), time.process_time())"
    seconds = []
    for _ in range(5):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
        heavy, used = done.stdout.splitlines()[-1].rsplit(" ", 1)
        assert heavy == "set()"
        seconds.append(float(used))
    assert min(seconds) < 0.3
