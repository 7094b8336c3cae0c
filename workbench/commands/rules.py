"""``matcher rules``: the whole rulebook as a page to read; ``docs/rules.md`` is made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constraints.handbook import handbook
from constraints.policy import load_policy
from constraints.rulebook import load_rulebook
from workbench.answer import Answer
from workbench.files import usable
from workbench.sentences import name_of
from workbench.tables import Cell, Table

if TYPE_CHECKING:
    from datetime import date

    from matcher.functions import Function
    from workbench.screen import Screen


def run(screen: Screen, *, today: date) -> Answer:
    """Print the page of the policy in force today."""
    options, book, policy = screen.options, load_rulebook(today), load_policy()

    def row(kind: str, function: Function, owner: str, waived_by: str) -> tuple[Cell, ...]:
        locked = getattr(function, "locked", None)
        return function.key, kind, name_of(options.language, function), locked, owner, waived_by or None, function.page

    rules = [row("rule", f, policy.rule(f.key).owner, policy.rule(f.key).waived_by) for f in book.eligibility]
    criteria = [row("criterion", f, policy.criterion(f.key).owner, "") for f in book.criteria]
    columns = ("key", "kind", "name", "locked", "owner", "waived_by", "page")
    return Answer(
        text=handbook(book, policy, [options.language]).rstrip("\n"),
        summary={"rules": len(rules), "criteria": len(criteria)},
        tables=(Table("rules", columns, (*rules, *criteria)),),
        folder=usable(options.out) if options.out else None,
    )
