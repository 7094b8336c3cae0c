"""Whether a rule or criterion fulfils its contract: what it needs exists, and every sentence can be filled in both languages."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from itertools import product
from string import Formatter

from matcher.columns import COLUMNS
from matcher.functions import Body, Eligibility, Function, Shared, Texts

LANGUAGES = ("da", "en")
PAIR_FACTS = ("minutes", "pair_declined", "pair_befriended")
HOW = ("raise", "lower", "accept", "add", "wait")
CONSENT = ("family", "volunteer", "nobody")


def text_names(function: Function) -> frozenset[str]:
    """Every name that a text of the function may use: its facts and settings, and words that two of its lists share."""
    names = {*function.needs, *function.defaults, *function.facts}
    listed = [COLUMNS[need] for need in function.needs if need in COLUMNS and COLUMNS[need].vocabulary]
    for child, volunteer in product(listed, listed):
        if not child.name.startswith("child_") or not volunteer.name.startswith("volunteer_"):
            continue
        if child.vocabulary == volunteer.vocabulary:
            subject = child.name.removeprefix("child_")
            same = subject == volunteer.name.removeprefix("volunteer_")
            names |= {f"common_{subject}", f"common_{subject}_count"} if same else {f"clashing_{child.vocabulary}"}
    return frozenset(names)


def complaints(function: Function) -> Iterator[str]:
    """Everything that is wrong with a rule or criterion, in plain words; nothing if it is sound."""
    for need in function.needs:
        if need not in COLUMNS and need not in PAIR_FACTS:
            yield f"there is no column {need}"
    if not function.page:
        yield "it has no docstring"
    if not function.examples:
        yield "it has no example"
    known = {*function.needs, *function.defaults}
    for example in function.examples:
        if strange := [*(set(example.values) - known), *(set(function.needs) - set(example.values))]:
            yield f"the example {example} names or lacks {', '.join(sorted(strange))}"
    for name, body in (*function.facts.items(), ("unknown_when", function.unknown_when)):
        yield from _strange_parameters(name, body, known)
    for kind in ("title", "reason", "unknown"):
        yield from _text_complaints(kind, getattr(function, kind), function, needed=kind != "unknown")
    if isinstance(function, Eligibility):
        yield from _rule_complaints(function)


def _strange_parameters(name: str, body: Body | None, known: set[str]) -> Iterator[str]:
    if body is not None and (strange := set(inspect.signature(body).parameters) - known):
        yield f"{name} asks for {', '.join(sorted(strange))}, which the rule does not"


def _text_complaints(kind: str, texts: Texts, function: Function, *, needed: bool) -> Iterator[str]:
    """Texts must come in both languages, with the same placeholders, all of which can be filled."""
    if not texts and not needed:
        return
    used = {}
    for language in LANGUAGES:
        if not texts.get(language):
            yield f"its {kind} is missing in {language}"
        used[language] = {field for _, field, _, _ in Formatter().parse(texts.get(language, "")) if field is not None}
        if strange := used[language] - text_names(function):
            yield f"its {kind} in {language} uses {', '.join(sorted(strange))}, which is not known"
    if len(set(map(frozenset, used.values()))) > 1:
        yield f"its {kind} uses other facts in one language than in the other"


def _rule_complaints(rule: Eligibility) -> Iterator[str]:
    """What only a hard rule can get wrong."""
    yield from _strange_parameters("uncertain", rule.uncertain, {*rule.needs, *rule.defaults})
    yield from _text_complaints("warning", rule.warning, rule, needed=rule.uncertain is not None)
    for relax in rule.relax:
        if relax.column not in rule.needs or relax.how not in HOW or relax.consent not in CONSENT:
            yield f"its relaxation {relax} is not possible"
    if rule.locked and rule.relax:
        yield "it is locked, so nothing may relax it"
    for name, default in rule.defaults.items():
        if rule.locked and not isinstance(default, Shared) and not name.startswith(("min_", "max_")):
            yield f"it is locked, so its setting {name} must be called min_ or max_"
