"""What is written where: the same bytes for the same case, whole files or none, and nothing of somebody else's."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from matcher.errors import UsageError
from tests.workbench.desk import load, run, three_by_three, write_rows
from tests.workbench.desk import rows_of as csv_rows
from workbench import files
from workbench.cli import main


def contents(folder: Path) -> dict[str, bytes]:
    found = {path.name: path.read_bytes() for path in folder.iterdir()}
    summary = load(found.pop("summary.json").decode())
    summary.pop("seconds")
    return {**found, "summary": repr(summary).encode()}


@pytest.mark.parametrize("command", ["propose", "assign"])
def test_row_order_and_hash_seed_change_no_byte(tmp_path, command):
    first = three_by_three(tmp_path / "a" / "case")
    second = three_by_three(tmp_path / "b" / "case")
    for name in ("children", "volunteers"):
        rows = csv_rows(second / f"{name}.csv")
        random.Random(3).shuffle(rows)
        write_rows(second / f"{name}.csv", [dict(reversed(row.items())) for row in rows])
    assert run(command, first, seed="1").returncode == 0
    assert run(command, second, seed="2").returncode == 0
    assert contents(tmp_path / "a" / "out") == contents(tmp_path / "b" / "out")


def test_out_is_a_file(tmp_path, capsys):
    case = three_by_three(tmp_path / "case")
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    assert main(["assign", str(case)]) == 2
    assert "er en fil" in capsys.readouterr().err
    assert (tmp_path / "out").read_text("utf-8") == "mine"


def test_out_cannot_be_made(tmp_path, capsys):
    case = three_by_three(tmp_path / "case")
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    assert main(["assign", str(case), "--out", str(tmp_path / "file" / "below")]) == 2
    assert "Der kan ikke skrives i" in capsys.readouterr().err


def test_a_file_that_is_in_the_way_leaves_nothing_half_done(tmp_path, capsys):
    case = three_by_three(tmp_path / "case")
    (tmp_path / "out" / "pairs.csv").mkdir(parents=True)
    assert main(["assign", str(case)]) == 2
    assert "pairs.csv kan ikke skrives" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "out").iterdir() if path.name.endswith(".tmp")] == []


def test_a_full_disk_changes_nothing(tmp_path, monkeypatch):
    (tmp_path / "a.csv").write_bytes(b"old")

    def full(self, content):
        if self.name.startswith(".b"):
            raise OSError(28, "No space left on device")
        return real(self, content)

    real = Path.write_bytes
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(UsageError, match="No space left"):
        files.write_all(tmp_path, {"a.csv": b"new", "b.csv": b"new"})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a.csv": b"old"}


def test_the_default_folder_lies_beside_the_case(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert files.beside(Path("case")) == tmp_path / "out"
    assert files.beside(Path("sub/case.xlsx")) == tmp_path / "sub" / "out"
    assert files.beside(Path()) == tmp_path.parent / "out"


def test_ctrl_c_ends_cleanly(tmp_path):
    case = three_by_three(tmp_path / "case")
    code = (
        "import sys, time; from workbench.cli import main; import workbench.commands.assign as a\n"
        "def run(*args, **rest):\n    print('ready', flush=True); time.sleep(30)\n"
        "a.run = run\nsys.exit(main())"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, "assign", str(case)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    )
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 130
    assert said == "Afbrudt. Ingen fil er skrevet halvt.\n"
    assert not (tmp_path / "out").exists()


WRITING_A_PAGE = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
import workbench.commands.whatif as whatif
from workbench.cli import main
real = whatif.whatif_page
def page(*args):
    print("ready", flush=True)
    time.sleep(2.0)
    return real(*args)
whatif.whatif_page = page
sys.exit(main())
"""


@pytest.mark.parametrize(("times", "code"), [(1, 0), (2, 130)])
def test_an_answer_that_is_there_is_written_though_somebody_interrupts_once(tmp_path, times, code):
    case, asked = three_by_three(tmp_path / "case"), tmp_path / "asked.toml"
    asked.write_text('[[scenario]]\nname = "A"\nchange = [{ kind = "recruit", number = 1 }]\n', "utf-8")
    command = [sys.executable, "-c", WRITING_A_PAGE, "whatif", str(case), str(asked)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout.readline() == "ready\n"
        for _ in range(times):
            time.sleep(0.3)
            process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert process.returncode == code
    assert "Svaret er der, og filerne skrives nu." in said
    names = {path.name for path in (tmp_path / "out").glob("*")}
    whole = {"comparison.csv", "pairs_changed.csv", "summary.json", "hvad_nu_hvis.html", "hvad_nu_hvis.xlsx"}
    assert names == (whole if code == 0 else set())


def test_a_reader_who_leaves_is_no_fault():
    code = "import sys; from workbench.cli import main; sys.exit(main())"
    process = subprocess.Popen([sys.executable, "-c", code, "rules"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.read(10)
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(timeout=20) == 0


def test_sample_is_the_same_for_the_same_seed(tmp_path, capsys):
    for name in ("a", "b"):
        assert main(["sample", "--out", str(tmp_path / name), "--children", "5", "--volunteers", "4", "--seed", "3"]) == 0
    assert {p.name: p.read_bytes() for p in (tmp_path / "a").iterdir()} == {
        p.name: p.read_bytes() for p in (tmp_path / "b").iterdir()
    }
    assert "Ingen af personerne findes." in capsys.readouterr().out
    assert main(["check", str(tmp_path / "a")]) == 0
    book = tmp_path / "c.xlsx"
    assert main(["sample", "--out", str(book), "--children", "5", "--volunteers", "4", "--seed", "3"]) == 0
    once = book.read_bytes()
    assert main(["sample", "--out", str(book), "--children", "5", "--volunteers", "4", "--seed", "3"]) == 0
    assert book.read_bytes() == once


def test_sample_never_mixes_two_cases(tmp_path, capsys):
    case = three_by_three(tmp_path / "case")
    (case / "children.csv").rename(case / "børn.csv")
    before = {path.name: path.read_bytes() for path in case.iterdir()}
    assert main(["sample", "--out", str(case), "--children", "2", "--volunteers", "2"]) == 2
    assert "Der ligger allerede andre data i " in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in case.iterdir()} == before
    assert main(["sample", "--children", "2"]) == 2


def test_template_prints_the_words_and_keeps_a_filled_workbook(tmp_path, capsys):
    path = tmp_path / "min.xlsx"
    assert main(["template", "--out", str(path)]) == 0
    text = capsys.readouterr().out
    assert "  child_id: barn_id" in text
    assert "  football: fodbold" in text
    empty = path.read_bytes()
    assert main(["template", "--out", str(path), "--language", "en"]) == 0
    assert path.read_bytes() != empty
    path.write_bytes(b"filled in for hours")
    assert main(["template", "--out", str(path)]) == 2
    assert path.read_bytes() == b"filled in for hours"


TWICE = """
import os, signal, time
from workbench import timer
told = []
def press():
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(0.05)
with timer.finishing(lambda: told.append(1)):
    press()
try:
    with timer.finishing(lambda: told.append(2)):
        press()
        told.append("never")
except KeyboardInterrupt:
    told.append("gives up")
timer.nothing_pressed()
with timer.finishing(lambda: told.append(3)):
    press()
print(told)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="an interrupt is sent in another way there")
def test_the_second_interrupt_gives_up_though_the_first_came_in_an_earlier_part():
    done = subprocess.run([sys.executable, "-c", TWICE], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "[1, 'gives up', 3]\n"
