"""A short name of what an answer was made from."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matcher.records import Case, SettingValue


HOW = frozenset({"workers", "time_limit"})
"""Settings that say how an answer is worked out, not what it is; an answer that time cut short says so itself."""


def data_hash(case: Case, settings: Mapping[str, SettingValue]) -> str:
    """Names a case and the settings in force that it rests on: the same whatever the order of the rows, and wherever it ran."""
    tables = case.model_dump(mode="json", exclude={"planning_date", "settings"})
    rows = {name: sorted(json.dumps(row, sort_keys=True, default=str) for row in table) for name, table in tables.items()}
    asked = {name: value for name, value in settings.items() if name not in HOW}
    text = json.dumps([rows, str(case.planning_date), asked], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
