"""Options that every command takes, written once."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

from workbench.words import Language

DecisionFiles = Annotated[list[Path] | None, typer.Option(metavar="FILE")]
"""Files with a matcher's decisions: an option of the commands that plan or explain."""


Day = Annotated[str | None, typer.Option("--from", metavar="DATE")]
"""A day as text, in any of the forms that a case may have; ``matcher.case`` reads it."""


class Format(StrEnum):
    """What goes to standard output: words for a person, or the files' content as JSON."""

    TEXT = "text"
    JSON = "json"


class Solver(StrEnum):
    """Who looks for the plan; all find the same one."""

    AUTO = "auto"
    KERNEL = "kernel"
    FLOW = "flow"
    LINEAR_SUM = "linear_sum"
    MIP = "mip"
    CP_SAT = "cp_sat"


class Objective(StrEnum):
    """What counts once as many children as possible are matched."""

    SCORE = "score"
    FRIENDSHIP_MONTHS = "friendship_months"


class Effort(StrEnum):
    """How much is tried for a calendar's later levels."""

    QUICK = "quick"
    NORMAL = "normal"
    THOROUGH = "thorough"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What was asked beside the question itself. The settings are text until ``matcher.settings`` has parsed them."""

    out: Annotated[Path | None, typer.Option(metavar="DIR")] = None
    format: Annotated[Format, typer.Option()] = Format.TEXT
    language: Annotated[Language, typer.Option()] = Language.DA
    time_limit: Annotated[str | None, typer.Option(metavar="SECONDS")] = None
    seed: Annotated[str | None, typer.Option(metavar="N")] = None
    workers: Annotated[str | None, typer.Option(metavar="N")] = None
    settings: Annotated[Path | None, typer.Option(metavar="FILE")] = None

    @property
    def overrides(self) -> dict[str, str]:
        """Settings given on the command line, which stand above those of the case."""
        given = {"time_limit": self.time_limit, "seed": self.seed, "workers": self.workers}
        return {key: value for key, value in given.items() if value is not None}


COMMON = tuple(field.name for field in fields(Options))


def with_options(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command whose first parameter is ``options`` the common options, each as an option of its own."""
    hints = get_type_hints(Options, include_extras=True)
    own = [p for p in inspect.signature(command, eval_str=True).parameters.values() if p.name != "options"]
    common = [
        inspect.Parameter(field.name, inspect.Parameter.KEYWORD_ONLY, default=field.default, annotation=hints[field.name])
        for field in fields(Options)
    ]

    @wraps(command)
    def wrapped(**given: Any) -> int:  # noqa: ANN401  whatever the command line gave
        options = Options(**{name: given.pop(name) for name in COMMON})
        return command(options, **given)

    keyword_only = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own]
    signature = inspect.Signature([*keyword_only, *common], return_annotation=int)
    wrapped.__signature__ = signature  # type: ignore[attr-defined]
    wrapped.__annotations__ = {p.name: p.annotation for p in signature.parameters.values()}
    return wrapped
