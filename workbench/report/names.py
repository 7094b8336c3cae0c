"""Names of workbooks and sheets in the chosen language."""

from __future__ import annotations

from workbench.words import say


def book_name(language: str, which: str) -> str:
    """File name of a workbook, such as ``forslag.xlsx``."""
    return f"{say(language, f'book.{which}')}.xlsx"


def page_name(language: str, which: str) -> str:
    """File name of a page, such as ``aarsplan.html``."""
    return f"{say(language, f'book.{which}')}.html"


def sheet_name(language: str, which: str) -> str:
    """Name of a sheet."""
    return say(language, f"sheet.{which}")
