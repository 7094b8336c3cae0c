"""Replications: the same bits wherever they ran, as many as the bands need, and an interrupt keeps what is done."""

from __future__ import annotations

import dataclasses
import importlib
import random
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import cloudpickle
import pytest

from matcher.errors import TimeLimitError
from scenarios import chunks, over_time, runs
from scenarios.changes.recruit import Recruit
from scenarios.changes.stream import Stream
from scenarios.chunks import Chunk, Parcel, made_ready, packed, run_chunk
from scenarios.compare import compare
from scenarios.comparison import Comparison
from scenarios.over_time import CHUNK, Playing, are_narrow
from scenarios.runs import end_processes
from scenarios.scenario import Scenario
from scenarios.stream.bands import band
from scenarios.stream.metrics import METRICS
from scenarios.world import World
from tests.scenarios.worlds import STREAM, world
from tests.volume import LONG, volume
from tests.workbench.desk import ask, load, three_by_three

START = dataclasses.replace(world(10, 8, friendships=8), stream=STREAM.with_values({"newcomers": 40}))
MORE = Scenario(name="A", mode="stream", years=1, replications=30, change=(Recruit(number=6),))
LEAVING = dataclasses.replace(MORE, change=(Stream(name="child_leaves_per_month", value=0.1),))
"""It changes every measure of nearly every replication."""
LESS = Scenario(name="B", mode="stream", years=1, replications=14, baseline="A")
ALL = Playing(precision=0)


def rows(found: Comparison, name: str) -> list[Any]:
    return [dataclasses.replace(row, scenario="", baseline="") for row in found.rows if row.scenario == name]


def stopping(after: int) -> Callable[[int, int], None]:
    """Somebody who interrupts once so many replications are done."""

    def told(done: int, most: int) -> None:
        assert done <= most
        if done >= after:
            raise KeyboardInterrupt

    return told


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Processes are started whether they pay or not."""
    monkeypatch.setattr(runs, "STARTING", 0.0)
    yield
    end_processes()


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[Chunk]:
    """The chunks that are run."""
    found: list[Chunk] = []

    def run(chunk: Chunk) -> Any:
        found.append(chunk)
        return run_chunk(chunk)

    monkeypatch.setattr(over_time, "run_chunk", run)
    return found


# Where


@pytest.mark.skipif(not LONG, reason="two processes that load all anew take most of a minute; the long run has them")
@pytest.mark.usefixtures("processes")
def test_two_workers_give_the_same_bits():
    serial = compare([MORE, LESS], START, playing=ALL)
    assert compare([MORE, LESS], START, playing=Playing(precision=0, workers=2)) == serial
    assert serial.replications == {"A": 30, "B": 14}


def test_each_replication_is_run_once_in_chunks(ran):
    told: list[tuple[int, int]] = []
    again = Scenario(name="C", mode="stream", years=1, replications=20)
    compare([MORE, LESS, again], START, playing=Playing(precision=0, told=lambda *said: told.append(said)))
    places = [(chunk.parcel, chunk.first + one) for chunk in ran for one in range(chunk.end - chunk.first)]
    assert len(places) == len(set(places)) == 30 + 30 + 14 + 20
    assert max(chunk.end - chunk.first for chunk in ran) == CHUNK
    assert told[:6] == [(10, 60), (20, 60), (30, 60), (40, 60), (50, 60), (60, 60)]
    assert told[-1] == (40, 40)


def test_a_world_that_is_sent_has_the_projects_own_rules_and_is_known_again():
    parcel = Parcel(START)
    one, again = (cloudpickle.loads(cloudpickle.dumps(parcel)) for _ in range(2))
    assert one == again != parcel
    assert hash(one) == hash(again)
    assert parcel != Parcel(START)
    found = one.world
    assert found == START
    assert all(a is b for a, b in zip(found.rulebook.eligibility, START.rulebook.eligibility, strict=True))


def test_a_rule_that_was_made_on_the_way_goes_whole():
    rule, *others = START.rulebook.eligibility
    book = dataclasses.replace(START.rulebook, eligibility=(dataclasses.replace(rule, locked=not rule.locked), *others))
    one = World(case=START.case, rulebook=book, postcodes=START.postcodes, stream=START.stream)
    assert cloudpickle.loads(packed(one)).rulebook.eligibility[0].locked != rule.locked
    chunk = Chunk(parcel=Parcel(one), years=1, seed=1, first=0, end=1)
    sent = dataclasses.replace(chunk, parcel=cloudpickle.loads(cloudpickle.dumps(chunk.parcel)))
    assert repr(run_chunk(sent)) == repr(run_chunk(chunk))  # as text, for nan is not itself


def test_small_groups_are_printed_for_they_are_simulated():
    """Today they would be blank: contract section 5 and point 5 of the issue keep that to the plan of today."""
    town = min(places := Counter(row.municipality for row in START.case.children), key=lambda name: (places[name], name))
    assert places[town] < 5
    found = compare([dataclasses.replace(LESS, baseline="")], START, playing=ALL)
    rows_of = {row.metric: row for row in found.rows if row.group == f"municipality={town}"}
    assert rows_of.keys() == set(METRICS)
    for metric in ("friendships", "friendship_years", "wait_longest_days", "unmatched_after_365_days"):
        assert rows_of[metric].value is not None
        assert rows_of[metric].difference == 0


# How many


def test_a_scenario_stops_at_a_fixed_number_once_its_bands_are_narrow():
    asked = dataclasses.replace(LEAVING, replications=120)
    wide, narrow = (compare([asked], START, playing=Playing(precision=one)) for one in (0.001, 1.0))
    assert (wide.replications, narrow.replications) == ({"A": 120}, {"A": 100})
    assert wide.cut == narrow.cut == ()
    assert rows(narrow, "A") == rows(compare([dataclasses.replace(asked, replications=100)], START, playing=ALL), "A")


def test_a_difference_that_was_never_met_is_not_surely_none():
    longest = compare([MORE], START, playing=Playing(precision=1.0)).value("A", "wait_longest_days")
    assert longest.difference_low < longest.difference == 0 < longest.difference_high


def test_others_do_not_change_how_many_a_scenario_gets():
    long = dataclasses.replace(LEAVING, name="C", replications=120)
    asked = dataclasses.replace(LEAVING, replications=110)
    alone, beside = (compare(all_, START, playing=Playing(precision=1.0)) for all_ in ([LESS, asked], [long, LESS, asked]))
    assert rows(beside, "B") == rows(alone, "B")
    assert beside.replications == {"C": 100, "B": 14, "A": 100}


@pytest.mark.parametrize(
    ("values", "beside", "precision", "narrow"),
    [
        ([100.0, 102.0] * 20, [100.0, 102.0] * 20, 0.01, True),
        ([100.0, 102.0] * 20, [100.0, 102.0] * 20, 0.002, False),
        ([100.0, 102.0] * 20, [102.0, 100.0] * 20, 0.005, False),  # the difference is wider than each
        ([0.0, 0.2] * 20, [0.0, 0.2] * 20, 0.05, True),  # of 1, where the value is less
        ([float("nan")] * 4, [float("nan")] * 4, 0.01, True),
    ],
)
def test_narrow_is_a_share_of_the_baselines_value(values, beside, precision, narrow):
    def measured(rows: list[float]) -> list[Any]:
        return [{("friendships", ""): one, ("friendships", "gender=boy"): 99.0 * one} for one in rows]

    assert are_narrow(measured(values), measured(beside), precision) is narrow


def test_one_replication_is_never_enough():
    assert not are_narrow([{("friendships", ""): 1.0}], [{("friendships", ""): 1.0}], 1.0)


def test_bands_still_hold_where_the_number_depends_on_them():
    draw, held, trials = random.Random(5), 0, volume(ci=300, long=3000)
    for _ in range(trials):
        values = [draw.expovariate(0.1) for _ in range(200)]
        number = next(n for n in (*over_time.CHECKS, 200) if n == 200 or half(values[:n]) <= 0.2 * band(values[:n]).value)
        found = band(values[:number])
        held += found.low <= 10.0 <= found.high
    assert 0.90 <= held / trials <= 0.99


def half(values: list[float]) -> float:
    found = band(values)
    return 0.5 * (found.high - found.low)


# Stopped


def test_an_interrupt_keeps_the_chunks_of_both_that_are_done():
    asked = dataclasses.replace(MORE, replications=40)
    found = compare([asked, LESS], START, playing=Playing(precision=0, told=stopping(50)))
    assert (found.replications, found.cut, found.unfinished) == ({"A": 20}, ("A",), ("B",))
    assert rows(found, "A") == rows(compare([dataclasses.replace(asked, replications=20)], START, playing=ALL), "A")


def test_an_interrupt_before_both_have_begun_is_no_answer():
    with pytest.raises(KeyboardInterrupt):
        compare([MORE], START, playing=Playing(precision=0, told=stopping(10)))


def test_what_had_enough_before_an_interrupt_is_not_cut(monkeypatch):
    """Together, all are checked after 20; then one goes on, and is stopped."""
    monkeypatch.setattr(over_time, "CHECKS", (20,))
    asked = dataclasses.replace(MORE, replications=40)
    how = Playing(precision=0.001, workers=2, told=stopping(34 + 20 + 10))
    found = compare([asked, LESS], START, playing=how)
    assert (found.replications, found.cut, found.unfinished) == ({"A": 20, "B": 14}, ("A",), ())


class Hourglass:
    """Time that passes by the work: so many seconds for each world that is made ready once, and one for each chunk.

    ``loading``: what the first world takes beside.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, seconds: float, world: float = 1.0, loading: float = 0.0) -> None:
        self._seconds, self._ready = seconds, set[Any]()

        def ready(*of: Any) -> Any:
            self._seconds -= (0.0 if of in self._ready else world) + (0.0 if self._ready else loading)
            self._ready.add(of)
            return made_ready(*of)

        def run(chunk: Chunk) -> Any:
            found = run_chunk(chunk)
            self._seconds -= 1.0
            return found

        monkeypatch.setattr(chunks, "made_ready", ready)
        monkeypatch.setattr(over_time, "made_ready", ready)
        monkeypatch.setattr(over_time, "run_chunk", run)

    def left(self) -> float:
        return max(0.0, self._seconds)


def test_time_that_runs_out_keeps_them_too(monkeypatch):
    asked = dataclasses.replace(MORE, replications=40)
    time = Hourglass(monkeypatch, seconds=7.5)  # two worlds at 1, and 5 chunks
    found = compare([asked], START, playing=ALL, left=time.left)
    assert (found.replications, found.cut) == ({"A": 20}, ("A",))
    with pytest.raises(TimeLimitError):
        compare([asked], START, playing=ALL, left=lambda: 0.0)


def test_making_worlds_ready_is_not_taken_for_a_chunk(monkeypatch):
    """It takes eight times as long, and what is left after it is enough for chunks."""
    time = Hourglass(monkeypatch, seconds=20.0, world=8.0)
    found = compare([dataclasses.replace(MORE, replications=40)], START, playing=ALL, left=time.left)
    assert found.replications == {"A": 20}  # 4 seconds are left for chunks of one


def test_what_time_is_left_is_shared_by_the_scenarios(monkeypatch):
    """Four worlds, the case as it is among them: the first scenario has two of them to play, the others one each."""
    asked = [dataclasses.replace(MORE, name=name, replications=60) for name in "ABC"]
    found = compare(asked, START, playing=ALL, left=Hourglass(monkeypatch, seconds=18.0).left)
    assert found.unfinished == ()
    assert set(found.cut) == {"A", "B", "C"}
    assert min(found.replications.values()) >= 20


def test_a_first_answer_is_tried_for_and_none_is_lost_for_a_second(monkeypatch):
    """Its second world might take as long as the first, which is more than is left; another answer is not begun like that."""
    time = Hourglass(monkeypatch, seconds=13.0, world=2.0, loading=6.0)
    found = compare([MORE, dataclasses.replace(MORE, name="C")], START, playing=ALL, left=time.left)
    assert (found.replications, found.unfinished) == ({"A": 10}, ("C",))


def test_an_interrupt_while_a_world_is_made_ready_keeps_what_is_done(monkeypatch):
    """It comes as compiled code says it: behind two other errors."""
    real, made = over_time.made_ready, []

    def interrupted(*of: Any) -> Any:
        made.append(of)
        if len(made) < 3:
            return real(*of)
        first, second = SystemError("first"), SystemError("second")
        first.__cause__, second.__context__ = KeyboardInterrupt(), first
        raise second

    monkeypatch.setattr(over_time, "made_ready", interrupted)
    found = compare([MORE, LESS], START, playing=ALL)
    assert (found.replications, found.unfinished) == ({"A": 30}, ("B",))


def test_an_interrupt_while_the_rows_are_made_is_heard_later(monkeypatch):
    module = importlib.import_module("scenarios.compare")
    real, calls = over_time.rows_over_time, []

    def interrupted(*of: Any) -> Any:
        calls.append(of)
        if len(calls) == 1:
            raise KeyboardInterrupt
        return real(*of)

    monkeypatch.setattr(module, "rows_over_time", interrupted)
    found = compare([LESS, MORE], START, playing=ALL)
    assert (found.replications, found.cut, found.unfinished) == ({"B": 14, "A": 30}, (), ())


# What they say


def said(*values: float) -> list[Any]:
    return [{("lasting_12_months", ""): one, ("friendships", ""): 5.0 + n % 7} for n, one in enumerate(values)]


def test_what_few_replications_define_is_blank_and_the_three_add_up():
    none = float("nan")
    before, after = [0.5, 0.6, 0.7, 0.8] * 5, [0.6, 0.9, 0.7, 0.8] * 5
    one = Scenario(name="A", mode="stream")
    few = {row.metric: row for row in over_time.rows_over_time(one, said(*after[:15], *[none] * 5), said(*before))}
    row = few["lasting_12_months"]
    assert (row.value, row.low, row.difference, row.difference_low) == (None, None, None, None)
    assert row.baseline_value == Decimal("0.65")
    most = {row.metric: row for row in over_time.rows_over_time(one, said(none, *after[1:]), said(*before[:-1], none))}
    row = most["lasting_12_months"]
    assert row.value - row.baseline_value == row.difference
    assert row.difference_low <= row.difference <= row.difference_high
    assert row.value == Decimal(f"{sum(after[1:-1]) / 18:.4f}")


def test_a_band_does_not_leave_what_can_be():
    one = Scenario(name="A", mode="stream")
    values = [1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 0.9, 0.95, 0.8, 0.85] * 2
    row = next(row for row in over_time.rows_over_time(one, said(*values), said(*values)) if row.metric == "lasting_12_months")
    assert row.low > 0
    assert row.high <= 1
    assert (row.difference, row.difference_low, row.difference_high) == (0, 0, 0)


# As the command says it


def test_the_command_says_how_many_each_rests_on_and_what_was_cut_short(tmp_path, monkeypatch):
    case, path = three_by_three(tmp_path / "case"), tmp_path / "over.toml"
    each = '[[scenario]]\nname = "{}"\nmode = "stream"\nyears = 1\nreplications = {}\n'
    path.write_text(each.format("A", 10) + each.format("B", 30), encoding="utf-8")
    calls: list[Chunk] = []

    def interrupted(chunk: Chunk) -> Any:
        """After those of A, of the case, and twice of B: the case's next are not done."""
        calls.append(chunk)
        if len(calls) == 5:
            raise KeyboardInterrupt
        return run_chunk(chunk)

    monkeypatch.setattr(over_time, "run_chunk", interrupted)
    done = ask("whatif", case, path, "--precision", "100", "--language", "en")
    assert done.returncode == 0
    assert "  From 10 replications." in done.stdout
    assert "  Cut short: only 10 of up to 30 replications were done." in done.stdout
    assert "20 of at most 20 replications\n2 of 2: B\n20 of at most 60 replications" in done.stderr
    summary = load((tmp_path / "out" / "summary.json").read_text("utf-8"))
    assert [(one["state"], one["replications"]) for one in summary["scenarios"]] == [("done", 10), ("cut", 10)]
    assert (summary["cut"], summary["repeatable"]) == (["B"], False)


def test_the_command_says_what_a_stream_passes_over(tmp_path):
    case, path = three_by_three(tmp_path / "case"), tmp_path / "over.toml"
    path.write_text(
        '[[scenario]]\nname = "A"\nmode = "stream"\nyears = 1\nreplications = 2\n'
        'change = [{ kind = "quota", dimension = "gender", value = "girl", at_least = 1 }]\n',
        encoding="utf-8",
    )
    done = ask("whatif", case, path, "--language", "en")
    assert done.returncode == 0
    said = "Over time a quota's at_least does not act"
    assert said in done.stdout
    assert said in (tmp_path / "out" / "what_if.html").read_text("utf-8").replace("&#x27;", "'").replace("&#39;", "'")
    summary = load((tmp_path / "out" / "summary.json").read_text("utf-8"))
    assert [one["remarks"] for one in summary["scenarios"]] == [["quota_least"]]
