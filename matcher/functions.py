"""What a rule of the association must be so that the engine can use it; no rule is here, only the contracts.

An eligibility rule or a criterion is one pure function in one file under ``constraints``. Its name is its key, its docstring
its page, and its parameters are its needs:

- ``child_*`` and ``volunteer_*`` name columns (``matcher.columns``), ``pair_*`` sparse facts about single pairs,
  ``minutes`` the travel estimate;
- a parameter with a default is a setting, ``<key>.<parameter>`` (a criterion's: ``criteria.<key>.<parameter>``). A name that
  begins with ``min_`` or ``max_`` is a bound, so the engine knows which way it tightens. A default ``of("child_age")``
  shares the setting of that rule.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any

from matcher.bodies import Mask, Share, blank

Texts = Mapping[str, str]
Body = Callable[..., Any]
Facts = Mapping[str, Body]
NO_TEXT: Texts = MappingProxyType({})
NO_FACTS: Facts = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Shared:
    """The default of a parameter that is another rule's setting."""

    rule: str


def of(rule: str) -> Any:  # noqa: ANN401  stands in for a value of any type
    """Share the setting of the same name that belongs to ``rule``."""
    return Shared(rule)


@dataclass(frozen=True, slots=True)
class Example:
    """Worked example: what the function answers to these values; settings not named are at their defaults."""

    values: Mapping[str, Any]
    expected: bool | float

    def __str__(self) -> str:
        return f"{', '.join(f'{k}={v}' for k, v in self.values.items())} -> {self.expected}"


def holds(**values: Any) -> Example:  # noqa: ANN401  columns are of several kinds
    """Make an example in which the rule holds."""
    return Example(values, expected=True)


def fails(**values: Any) -> Example:  # noqa: ANN401
    """Make an example in which the rule does not hold."""
    return Example(values, expected=False)


def earns(share: float, **values: Any) -> Example:  # noqa: ANN401
    """Make an example in which the criterion answers ``share``."""
    return Example(values, expected=share)


@dataclass(frozen=True, slots=True, kw_only=True)
class Relax:
    """A change of one person's fact that could bring a pair within the rule, and who must consent.

    ``column`` is raised (``raise``), lowered (``lower``), set to ``to`` (``accept``), given one more of the other side's
    words (``add``), or waited for (``wait``). ``consent`` is the ``family``'s, the ``volunteer``'s or ``nobody``'s. ``step``
    is how much of its unit counts as one step of change, so that minutes, years and slots can be ranked together.
    """

    column: str
    how: str
    consent: str
    to: str = ""
    step: float = 1.0


@lru_cache(maxsize=1024)
def parameters(body: Body) -> tuple[str, ...]:
    """Names of a function's parameters."""
    return tuple(inspect.signature(body).parameters)


def called(body: Body, values: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """Call a function with those of the values that it asks for."""
    return body(**{name: values[name] for name in parameters(body)})


@dataclass(frozen=True, kw_only=True)
class Written:
    """What every rule and criterion is: a body, what its signature says, and its words for people."""

    body: Body
    title: Texts
    reason: Texts

    @cached_property
    def key(self) -> str:
        """Its name everywhere."""
        return str(self.body.__name__)

    @cached_property
    def page(self) -> str:
        """Its docstring."""
        return inspect.getdoc(self.body) or ""

    @cached_property
    def defaults(self) -> Mapping[str, Any]:
        """Parameters that are settings, with their start values."""
        found = inspect.signature(self.body).parameters.values()
        return {p.name: p.default for p in found if p.default is not inspect.Parameter.empty}

    @cached_property
    def needs(self) -> tuple[str, ...]:
        """Parameters that are facts: of a person, a pair or a day."""
        return tuple(name for name in parameters(self.body) if name not in self.defaults)


@dataclass(frozen=True, kw_only=True)
class Function(Written):
    """What eligibility rules and criteria share."""

    examples: tuple[Example, ...]
    unknown: Texts = field(default_factory=dict)
    unknown_when: Body | None = None
    facts: Facts = field(default_factory=dict)

    @property
    def prefix(self) -> str:
        """What stands before the names of its settings."""
        return self.key

    def setting_key(self, parameter: str) -> str:
        """Full name of the setting that feeds a parameter."""
        default = self.defaults[parameter]
        return f"{default.rule if isinstance(default, Shared) else self.prefix}.{parameter}"

    def needs_side(self, side: str) -> bool:
        """Whether it asks about the ``child``, the ``volunteer`` or the ``pair`` (``minutes`` is of the pair)."""
        return any(name.startswith(f"{side}_") or (side == "pair" and name == "minutes") for name in self.needs)

    @property
    def sides(self) -> str:
        """``child``, ``volunteer``, ``pair`` (asked in the loop) or ``sparse`` (joined after it)."""
        if any(name.startswith("pair_") for name in self.needs):
            return "sparse"
        child, volunteer = self.needs_side("child"), self.needs_side("volunteer")
        if "minutes" in self.needs or (child and volunteer):
            return "pair"
        return "child" if child else "volunteer"

    def rests_on_blank(self, values: Mapping[str, Any]) -> bool:
        """Whether its answer to these plain values comes from a blank, so that ``unknown`` is what to say."""
        if not self.unknown:
            return False
        if self.unknown_when is not None:
            return bool(called(self.unknown_when, values))
        return any(blank(values[name]) for name in self.needs)


@dataclass(frozen=True, kw_only=True)
class Eligibility(Function):
    """A hard rule on a pair: holds or does not."""

    locked: bool = False
    uncertain: Body | None = None
    warning: Texts = field(default_factory=dict)
    relax: tuple[Relax, ...] = ()

    def __call__(self, **values: Any) -> Mask:  # noqa: ANN401
        """Answer for one pair, or for blocks of them."""
        return self.body(**values)


@dataclass(frozen=True, kw_only=True)
class Criterion(Function):
    """A share 0..1 of what is wished for; how much it matters is its weight."""

    weight: float

    def __call__(self, **values: Any) -> Share:  # noqa: ANN401
        """Answer for one pair, or for blocks of them."""
        return self.body(**values)

    @property
    def prefix(self) -> str:
        """Criteria keep their parameters apart from a rule of the same name."""
        return f"criteria.{self.key}"

    @property
    def weight_key(self) -> str:
        """Name of the setting that holds its weight."""
        return f"weights.{self.key}"


def eligibility(
    *,
    reason: Texts,
    examples: list[Example],
    title: Texts = NO_TEXT,
    locked: bool = False,
    unknown: Texts = NO_TEXT,
    unknown_when: Body | None = None,
    uncertain: Body | None = None,
    warning: Texts = NO_TEXT,
    facts: Facts = NO_FACTS,
    relax: tuple[Relax, ...] = (),
) -> Callable[[Body], Eligibility]:
    """Make a function an eligibility rule.

    Parameters
    ----------
    reason
        Template per language of why it fails; may use every parameter of the function and the facts the engine adds:
        for two sets or codes ``child_x`` and ``volunteer_x`` their common words ``common_x``.
    examples
        Worked examples; they are run as tests and shown in the docs.
    title
        Its name for people, per language.
    locked
        It protects children: nothing loosens it and nobody waives it.
    unknown, unknown_when
        Template used instead of ``reason`` where it fails because something is not stated, and a function of the same
        parameters that tells when that is (left out: where a number it needs is blank).
    uncertain, warning
        A function of the same columns that tells where the rule holds only because something is unknown, and what to say then.
    facts
        More values for the texts: each a function of the rule's own parameters.
    relax
        What a person could change so that the rule would hold.
    """

    def wrap(body: Body) -> Eligibility:
        return Eligibility(
            body=body,
            title=title,
            reason=reason,
            examples=tuple(examples),
            locked=locked,
            unknown=unknown,
            unknown_when=unknown_when,
            uncertain=uncertain,
            warning=warning,
            facts=facts,
            relax=relax,
        )

    return wrap


def criterion(
    *,
    weight: float,
    reason: Texts,
    examples: list[Example],
    title: Texts = NO_TEXT,
    unknown: Texts = NO_TEXT,
    unknown_when: Body | None = None,
    facts: Facts = NO_FACTS,
) -> Callable[[Body], Criterion]:
    """Make a function a criterion with its start weight.

    ``reason`` and ``unknown`` are fragments of a sentence that say what it saw; the other parameters are ``eligibility``'s.
    """

    def wrap(body: Body) -> Criterion:
        return Criterion(
            body=body,
            title=title,
            weight=weight,
            reason=reason,
            examples=tuple(examples),
            unknown=unknown,
            unknown_when=unknown_when,
            facts=facts,
        )

    return wrap
