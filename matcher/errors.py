"""One error tree. An error carries data for the program; words for a person are formed in ``workbench``.

::

    MatcherError
    ├── CaseError          a case cannot be read or cannot be true   (exit 2)
    ├── UsageError         the question itself is wrong               (exit 2)
    ├── RuleError          a rule or criterion breaks its contract    (a programmer's fault)
    ├── InfeasibleError    no plan meets all that is asked            (exit 1)
    ├── TimeLimitError     time ran out before any answer             (exit 3)
    └── CertificateError   a result was refused by its own proof      (a programmer's fault)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matcher.findings import Finding


class MatcherError(Exception):
    """Base of every error this product raises on purpose."""


class CaseError(MatcherError):
    """A case is refused; ``findings`` holds every fault and warning that was seen, in file order."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(f"the case has {sum(f.is_fault for f in self.findings)} fault(s)")


class UsageError(MatcherError):
    """The question names something that is not there; ``code`` is its key among the findings."""

    def __init__(self, code: str, **facts: str) -> None:
        self.code = code
        self.facts = facts
        super().__init__(f"{code}: {facts}")


class RuleError(MatcherError):
    """A rule, criterion or setting does not fulfil its contract."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOut:
    """Changes (code and facts each) that end a clash; ``still``: what clashes even then, empty where a plan is possible."""

    changes: tuple[tuple[str, dict[str, str]], ...]
    still: tuple[tuple[str, dict[str, str]], ...] = ()


class InfeasibleError(MatcherError):
    """No plan meets all hard demands; ``clashing`` names demands that cannot hold together, ``ways_out`` what would help."""

    def __init__(self, clashing: Sequence[tuple[str, dict[str, str]]], ways_out: Sequence[WayOut] = ()) -> None:
        self.clashing = tuple(clashing)
        self.ways_out = tuple(ways_out)
        super().__init__("; ".join(f"{code} {facts}" for code, facts in self.clashing))

    def __reduce__(self) -> tuple[type[InfeasibleError], tuple[object, ...]]:
        """Let it come back whole from another process."""
        return type(self), (self.clashing, self.ways_out)


class TimeLimitError(MatcherError):
    """The time limit ended the work before there was an answer."""


class CertificateError(MatcherError):
    """A result failed the proof or the independent check, and is withheld; ``violations`` says where."""

    def __init__(self, violations: Sequence[str]) -> None:
        self.violations = tuple(violations)
        super().__init__("; ".join(self.violations))
