"""Every error of the tree in words, for a person and as data."""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING

from matcher.errors import CaseError, CertificateError, InfeasibleError, MatcherError, TimeLimitError, UsageError
from matcher.settings import SettingError
from workbench import clashes, findings
from workbench.desk import setting_code
from workbench.tables import as_objects, json_text
from workbench.words import say

if TYPE_CHECKING:
    from workbench.tables import Value


@singledispatch
def in_words(error: MatcherError, language: str) -> str:
    """What went wrong and what to do."""
    return say(language, "broken", what=str(error))


@in_words.register
def _(error: CaseError, language: str) -> str:
    faults = [found for found in error.findings if found.is_fault]
    file = faults[0].file if len({found.file for found in faults}) == 1 else say(language, "the_case")
    return "\n".join([findings.verdict(language, file, error.findings), *findings.lines(language, faults)])


@in_words.register
def _(error: SettingError, language: str) -> str:
    return say(language, setting_code(error), **error.facts)


@in_words.register
def _(error: UsageError, language: str) -> str:
    sentence = say(language, error.code, **error.facts)
    nearest = error.facts.get("nearest")
    return f"{sentence} {say(language, 'usage.nearest', nearest=nearest)}" if nearest else sentence


@in_words.register
def _(error: InfeasibleError, language: str) -> str:
    return clashes.in_words(error, language)


@in_words.register
def _(error: TimeLimitError, language: str) -> str:
    return say(language, "out_of_time", seconds=str(error))


@in_words.register
def _(error: CertificateError, language: str) -> str:
    return say(language, "withheld", what="; ".join(error.violations))


def as_json(error: MatcherError, language: str, code: int) -> str:
    """The refusal as one JSON object."""
    data: dict[str, Value] = {"error": {"kind": type(error).__name__, "exit": code, "message": in_words(error, language)}}
    if isinstance(error, CaseError):
        faults, warnings = findings.counts(error.findings)
        data["summary"] = {"faults": faults, "warnings": warnings}
        data["findings"] = as_objects(findings.table(language, error.findings))
    if isinstance(error, InfeasibleError):
        data |= clashes.as_data(error, language)
    return json_text(data)
