"""A workbook in memory whose bytes depend on its content alone."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import xlsxwriter

CREATED = datetime(2000, 1, 1)  # noqa: DTZ001  Excel's dates have no zone; a real one would change the bytes
FONT = {"font_name": "Calibri", "font_size": 11}


class Book:
    """Sheets and cell forms of one workbook; text never becomes a formula or a link."""

    def __init__(self, title: str) -> None:
        self._buffer = io.BytesIO()
        self._book = xlsxwriter.Workbook(
            self._buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        self._book.set_properties({"title": title, "created": CREATED})
        self._forms: dict[tuple[tuple[str, Any], ...], Any] = {}

    def sheet(self, name: str) -> Any:  # noqa: ANN401  xlsxwriter has no types
        """Add a sheet that prints on sheets as wide as it is, with its heading on each."""
        sheet = self._book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.hide_gridlines(2)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)
        return sheet

    def form(self, **look: Any) -> Any:  # noqa: ANN401
        """A cell form; equal ones are one."""
        key = tuple(sorted(look.items()))
        if key not in self._forms:
            self._forms[key] = self._book.add_format({**FONT, **look})
        return self._forms[key]

    def content(self) -> bytes:
        """Close the workbook and return its bytes."""
        self._book.close()
        return self._buffer.getvalue()
