"""What is found wrong or unusual in a case: data only. ``workbench`` turns a finding into a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Severity(StrEnum):
    """A fault refuses the case; a warning does not."""

    FAULT = "fault"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault or warning, at one place.

    ``code`` is the key of its sentence in ``workbench/locale/findings/``; ``facts`` fill that
    sentence and never hold personal data. ``value`` is masked. ``row`` counts from the heading (row 1).
    """

    severity: Severity
    code: str
    file: str
    table: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    facts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def is_fault(self) -> bool:
        """Whether it refuses the case."""
        return self.severity is Severity.FAULT


def masked(text: str) -> str:
    """The shape of a cell without its content: letters become ``x``, digits ``9``; at most 24 characters.

    >>> masked("31-02-2027 Åse")
    '99-99-9999 xxx'
    """
    shape = re.sub(r"\d", "9", re.sub(r"[^\W\d_]", "x", text))
    shape = "".join(c if c.isprintable() else "·" for c in shape)
    return shape if len(shape) <= 24 else shape[:23] + "…"
