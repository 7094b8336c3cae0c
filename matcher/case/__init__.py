"""Cases: the contract's files to frozen records and back; the only part that knows how a file looks."""

from __future__ import annotations

from matcher.case.reading import read_case
from matcher.case.template import write_template
from matcher.case.writing import write_case

__all__ = ["read_case", "write_case", "write_template"]
