"""The command ``matcher``. Commands are imported when they are run, so that the help is there at once."""

from __future__ import annotations

import importlib
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from matcher.errors import TimeLimitError
from workbench.exits import Exit
from workbench.help import SpokenCommand, SpokenGroup, language_of, usage_error
from workbench.options import Day, DecisionFiles, Effort, Objective, Options, Solver, with_options
from workbench.screen import prepare
from workbench.timer import TimerWantedError, held_to, timed
from workbench.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

app = typer.Typer(name="matcher", cls=SpokenGroup, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)

CaseArgument = Annotated[Path, typer.Argument(metavar="CASE")]
Ids = Annotated[list[str] | None, typer.Option(metavar="ID")]
SolverName = Annotated[Solver, typer.Option(metavar="NAME")]

TIMED = frozenset({"advise", "assign", "calendar", "fairness", "propose", "recruit", "shadow", "whatif"})
"""Commands that search, and so can be held to a time limit."""


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"matcher {version('matcher')}")  # noqa: T201
        raise typer.Exit


@app.callback()
def _everything(
    version_: Annotated[bool, typer.Option("--version", is_eager=True, callback=_show_version)] = False,
) -> None:
    pass


def _command(function: Callable[..., int]) -> Callable[..., int]:
    return app.command(cls=SpokenCommand)(with_options(function))


def _run(command: str, options: Options, **question: Any) -> int:  # noqa: ANN401  each command has its own question
    if command in TIMED:  # before anything is loaded: the process that is timed loads it all itself
        held_to(options)
    module = importlib.import_module(f"workbench.commands.{command}")
    return int(importlib.import_module("workbench.work").work(module.run, options, **question))


@_command
def check(options: Options, case: CaseArgument, decisions: DecisionFiles = None) -> int:
    """Print every fault and warning of a case."""
    return _run("check", options, case=case, decisions=tuple(decisions or ()))


@_command
def propose(
    options: Options,
    case: CaseArgument,
    child: Ids = None,
    volunteer: Ids = None,
    top: Annotated[int, typer.Option(min=1, metavar="K")] = 5,
    decisions: DecisionFiles = None,
    solver: SolverName = Solver.AUTO,
) -> int:
    """Rank volunteers for children."""
    asked = {"children": tuple(child or ()), "volunteers": tuple(volunteer or ()), "top": top, "solver": solver}
    return _run("propose", options, case=case, decisions=tuple(decisions or ()), **asked)


@_command
def why(
    options: Options,
    case: CaseArgument,
    child: Annotated[str, typer.Option(metavar="ID")],
    volunteer: Annotated[str | None, typer.Option(metavar="ID")] = None,
    decisions: DecisionFiles = None,
) -> int:
    """Explain one pair, or what keeps the volunteers from one child."""
    return _run("why", options, case=case, decisions=tuple(decisions or ()), child=child, volunteer=volunteer)


@_command
def assign(
    options: Options,
    case: CaseArgument,
    decisions: DecisionFiles = None,
    solver: SolverName = Solver.AUTO,
    max_wait_first: Annotated[bool, typer.Option("--max-wait-first")] = False,
    objective: Annotated[Objective, typer.Option(metavar="NAME")] = Objective.SCORE,
) -> int:
    """Make the best plan for all children together."""
    asked = {"solver": solver, "max_wait_first": max_wait_first, "objective": objective}
    return _run("assign", options, case=case, decisions=tuple(decisions or ()), **asked)


@_command
def fairness(options: Options, case: CaseArgument, decisions: DecisionFiles = None, solver: SolverName = Solver.AUTO) -> int:
    """Show what fairness costs."""
    return _run("fairness", options, case=case, decisions=tuple(decisions or ()), solver=solver)


@_command
def calendar(
    options: Options,
    case: CaseArgument,
    year: Annotated[int | None, typer.Option(min=1900, max=2999, metavar="Y")] = None,
    keep: Annotated[Path | None, typer.Option(metavar="DIR")] = None,
    from_date: Day = None,
    effort: Annotated[Effort, typer.Option(metavar="NAME")] = Effort.NORMAL,
) -> int:
    """Plan the year's network meetings."""
    return _run("calendar", options, case=case, year=year, keep=keep, from_date=from_date, effort=effort)


@_command
def meet(
    options: Options,
    case: CaseArgument,
    kind: Annotated[str, typer.Option(metavar="KIND")],
    child: Annotated[str | None, typer.Option(metavar="ID")] = None,
    volunteer: Annotated[str | None, typer.Option(metavar="ID")] = None,
    matcher: Annotated[str | None, typer.Option(metavar="ID")] = None,
    from_date: Day = None,
    top: Annotated[int, typer.Option(min=1, metavar="K")] = 5,
    keep: Annotated[Path | None, typer.Option(metavar="DIR")] = None,
) -> int:
    """Find the next dates of a talk, a visit or a call."""
    asked = {"kind": kind, "child": child, "volunteer": volunteer, "matcher": matcher, "from_date": from_date, "top": top}
    return _run("meet", options, case=case, keep=keep, **asked)


@_command
def outing(
    options: Options,
    case: CaseArgument,
    year: Annotated[int | None, typer.Option(min=1900, max=2999, metavar="Y")] = None,
    programme: Annotated[list[str] | None, typer.Option(metavar="P")] = None,
    municipality: Annotated[list[str] | None, typer.Option(metavar="M")] = None,
    at_least: Annotated[int, typer.Option(min=1, metavar="N")] = 1,
    from_date: Day = None,
    to_date: Annotated[str | None, typer.Option("--to", metavar="DATE")] = None,
    top: Annotated[int, typer.Option(min=1, metavar="K")] = 5,
    keep: Annotated[Path | None, typer.Option(metavar="DIR")] = None,
) -> int:
    """Find the date and place of an outing."""
    who = {"programmes": tuple(programme or ()), "municipalities": tuple(municipality or ()), "at_least": at_least}
    asked = {"year": year, "from_date": from_date, "to_date": to_date, "top": top, "keep": keep}
    return _run("outing", options, case=case, **who, **asked)


@_command
def whatif(
    options: Options,
    case: CaseArgument,
    scenarios: Annotated[Path | None, typer.Argument(metavar="SCENARIOS")] = None,
    library: Annotated[list[str] | None, typer.Option(metavar="NAME")] = None,
    decisions: DecisionFiles = None,
    calendar: Annotated[bool, typer.Option("--calendar")] = False,
    year: Annotated[int | None, typer.Option(min=1900, max=2999, metavar="Y")] = None,
    precision: Annotated[float, typer.Option(min=0, max=100, metavar="PERCENT")] = 5.0,
    cluster: Annotated[str | None, typer.Option(metavar="ADDRESS")] = None,
) -> int:
    """Compare scenarios with the case as it is."""
    asked = {"scenarios": scenarios, "saved": tuple(library or ()), "calendar": calendar, "year": year}
    how = {"precision": precision, "cluster": cluster}
    return _run("whatif", options, case=case, decisions=tuple(decisions or ()), **asked, **how)


@_command
def advise(
    options: Options,
    case: CaseArgument,
    child: Annotated[str, typer.Option(metavar="ID")],
    volunteer: Annotated[str, typer.Option(metavar="ID")],
    decisions: DecisionFiles = None,
    policy: Annotated[str | None, typer.Option(metavar="NAME")] = None,
    objective: Annotated[str | None, typer.Option(metavar="NAME")] = None,
) -> int:
    """Advise whether to match a pair now or keep them for others."""
    asked = {"child": child, "volunteer": volunteer, "policy": policy, "objective": objective}
    return _run("advise", options, case=case, decisions=tuple(decisions or ()), **asked)


@_command
def shadow(options: Options, case: CaseArgument, from_date: Annotated[str, typer.Option("--from", metavar="DATE")]) -> int:
    """Compare past friendships with what the engine would have proposed."""
    return _run("shadow", options, case=case, from_date=from_date)


@_command
def recruit(
    options: Options,
    case: CaseArgument,
    municipality: Annotated[list[str] | None, typer.Option(metavar="M")] = None,
    draws: Annotated[int, typer.Option(min=1, max=100, metavar="N")] = 10,
    top: Annotated[int, typer.Option(min=1, metavar="K")] = 5,
    decisions: DecisionFiles = None,
) -> int:
    """Show where one more volunteer would help most."""
    asked = {"draws": draws, "top": top, "municipalities": tuple(municipality or ())}
    return _run("recruit", options, case=case, decisions=tuple(decisions or ()), **asked)


@_command
def template(options: Options) -> int:
    """Write an empty workbook, and print the words a case may use."""
    return _run("template", options)


@_command
def rules(options: Options) -> int:
    """Print the rulebook."""
    return _run("rules", options)


@_command
def settings(options: Options) -> int:
    """Print every setting with its value."""
    return _run("settings", options)


@_command
def sample(
    options: Options,
    children: Annotated[int, typer.Option(min=0)] = 70,
    volunteers: Annotated[int, typer.Option(min=0)] = 60,
) -> int:
    """Make a fictional case."""
    return _run("sample", options, children=children, volunteers=volunteers)


def _timed(given: Sequence[str], wanted: TimerWantedError, began: float) -> int:
    """Hold the command to its time limit."""
    try:
        return timed(given, wanted.seconds, began)
    except TimeLimitError as error:
        return int(importlib.import_module("workbench.work").refused(error, wanted.options))
    except KeyboardInterrupt:
        return Exit.INTERRUPTED


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    prepare(sys.stdout, sys.stderr)
    language = language_of(given)
    command = typer.main.get_command(app)
    commands = list(getattr(command, "commands", {}))
    began = time.monotonic()
    try:
        code = command.main(given, prog_name="matcher", standalone_mode=False, obj=language)
    except typer.TyperException as error:
        what = usage_error(language, error, commands)
        print(say(language, "usage.error", what=what), file=sys.stderr)  # noqa: T201
        code = Exit.REFUSED
    except TimerWantedError as wanted:
        code = _timed(given, wanted, began)
    if code == Exit.INTERRUPTED:
        print(say(language, "interrupted"), file=sys.stderr)  # noqa: T201
    return int(code or Exit.DONE)
