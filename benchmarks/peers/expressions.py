"""The pair rules and criteria as expressions over columns, written once for data frames that have ``&``, ``|`` and ``where``.

pandas and polars differ in a few words only; each hands its own to ``mask`` and ``points``. Blanks are missing values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matcher.bodies import BIKE, CAR, FAMILIEVEN, STOREBROR, VOKSENVEN
from matcher.geography.distance import ARC

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Term = Any
"""A column of a data frame, or an expression that becomes one."""
CHILD_ASKED = (
    *("child_programme", "child_wants_gender", "child_gender", "child_slots", "child_age", "child_smoke_free"),
    *("child_languages", "child_allergies", "child_x", "child_y", "child_z", "child_max_minutes"),
)
VOLUNTEER_ASKED = (
    *("volunteer_programmes", "volunteer_gender", "volunteer_states_gender", "volunteer_wants_gender", "volunteer_slots"),
    *("volunteer_age", "volunteer_wants_age_min", "volunteer_wants_age_max", "volunteer_smoker", "volunteer_languages"),
    *("volunteer_pets", "volunteer_x", "volunteer_y", "volunteer_z", "volunteer_minutes_per_km", "volunteer_minutes_fixed"),
    "volunteer_max_minutes",
)
"""What the rules ask for: only this is joined for all pairs."""
CHILD_SCORED = (
    *("child_programme", "child_age", "child_likes", "child_dislikes", "child_slots", "child_expects_months"),
    "child_languages",
)
VOLUNTEER_SCORED = (
    *("volunteer_age", "volunteer_months_left", "volunteer_likes", "volunteer_dislikes", "volunteer_slots"),
    *("volunteer_expects_months", "volunteer_wants_age_min", "volunteer_wants_age_max", "volunteer_languages"),
    "volunteer_transport",
)
"""What the criteria ask for: fetched for the pairs that are left."""


@dataclass(frozen=True)
class Words:
    """What one kind of data frame calls things.

    ``choose(condition, yes, no)``, ``bits(words)`` counts set bits, ``root``, ``smaller`` and ``larger`` of two,
    ``blank(column)``, ``fill(column, otherwise)``, and ``whole`` rounds down to a whole number.
    """

    choose: Callable[[Term, Term, Term], Term]
    bits: Callable[[Term], Term]
    root: Callable[[Term], Term]
    smaller: Callable[[Term, Term], Term]
    larger: Callable[[Term, Term], Term]
    blank: Callable[[Term], Term]
    fill: Callable[[Term, Term], Term]
    whole: Callable[[Term], Term]

    def clip01(self, value: Term) -> Term:
        """Held within 0 and 1."""
        return self.larger(self.smaller(value, 1.0), 0.0)


def minutes(row: Callable[[str], Term], say: Words) -> Term:
    """Travel minutes one way."""
    across = [row(f"child_{axis}") - row(f"volunteer_{axis}") for axis in ("x", "y", "z")]
    square = across[0] * across[0] + across[1] * across[1] + across[2] * across[2]
    distance = say.root(square) * (square * ARC + 1.0)
    return distance * row("volunteer_minutes_per_km") + row("volunteer_minutes_fixed")


def limit(row: Callable[[str], Term], say: Words, settings: Mapping[str, Any]) -> Term:
    """The smaller of both people's limits on travel."""
    usual = settings["travel_time.max_minutes"]
    return say.smaller(say.fill(row("child_max_minutes"), usual), say.fill(row("volunteer_max_minutes"), usual))


def rules(row: Callable[[str], Term], say: Words, settings: Mapping[str, Any]) -> list[Term]:
    """All pair rules but travel time, as masks; cheap ones first."""
    programme, age, slots = row("child_programme"), row("volunteer_age"), row("child_slots") & row("volunteer_slots")
    brother = (age >= settings["volunteer_age.min_storebror"]) & (age <= settings["volunteer_age.max_storebror"])
    any_gender = (row("volunteer_states_gender") == 0.0) & (programme == FAMILIEVEN)
    youngest, oldest = row("volunteer_wants_age_min"), row("volunteer_wants_age_max")
    silent = (row("child_slots") == 0) | (row("volunteer_slots") == 0)
    return [
        (programme & row("volunteer_programmes")) != 0,
        (row("child_wants_gender") & row("volunteer_gender")) != 0,
        any_gender | ((row("volunteer_wants_gender") & row("child_gender")) != 0),
        silent | (say.bits(slots) >= settings["common_slots.min_common"]),
        (age >= settings["volunteer_age.min_years"]) & ((programme != STOREBROR) | brother),
        (row("child_age") >= say.fill(youngest, 0.0)) & (row("child_age") <= say.fill(oldest, 999.0)),
        (row("child_smoke_free") != 1.0) | (say.fill(row("volunteer_smoker"), 0.0) != 1.0),
        say.bits(row("child_languages") & row("volunteer_languages")) >= settings["common_language.min_common"],
        (row("child_allergies") & row("volunteer_pets")) == 0,
    ]


def points(row: Callable[[str], Term], say: Words, settings: Mapping[str, Any], caps: Mapping[str, float]) -> Term:
    """The score: each criterion's share times its most points, rounded, in all.

    Columns ``far`` and ``longest`` hold the minutes and the limit on them.
    """
    spoken = say.bits(row("child_languages"))
    shares = {
        "travel_time": _travel(row("far"), row("longest"), settings["criteria.travel_time.near_minutes"], say),
        "interests": _interests(row, say, settings),
        "common_slots": _slots(row, say, settings),
        "expected_length": _length(row, say, settings),
        "programme_age": _programme_age(row, say, settings),
        "volunteer_stability": _stability(row, say, settings),
        "age_wish": _age_wish(row, say, settings),
        "languages": say.bits(row("child_languages") & row("volunteer_languages")) / spoken,
        "transport": _by(row("volunteer_transport"), (CAR, BIKE), settings, "transport", ("car", "bike", "public"), say),
    }
    parts = [say.whole(share * caps[key] + 0.5) for key, share in shares.items()]
    return sum(parts[1:], parts[0])


def _by(code: Term, codes: tuple[int, int], settings: Mapping[str, Any], key: str, names: tuple[str, ...], say: Words) -> Term:
    first, second, third = (settings[f"criteria.{key}.{name}"] for name in names)
    return say.choose(code == codes[0], first, say.choose(code == codes[1], second, third))


def _travel(far: Term, longest: Term, near: float, say: Words) -> Term:
    share = say.clip01((longest - far) / say.larger(longest - near, 0.001))
    return say.choose(far <= near, 1.0, share)


def _interests(row: Callable[[str], Term], say: Words, settings: Mapping[str, Any]) -> Term:
    likes, dislikes = row("child_likes"), row("child_dislikes")
    their_likes, their_dislikes = row("volunteer_likes"), row("volunteer_dislikes")
    enough, rare, everyday = (settings[f"criteria.interests.{name}"] for name in ("enough", "rare", "everyday"))

    def worth(common: Term) -> Term:
        return say.bits(common) + say.bits(common & rare) * 0.5 - say.bits(common & everyday) * 0.5

    total = worth(likes & their_likes) + worth(dislikes & their_dislikes) * 0.6
    total = total - worth(likes & their_dislikes) - worth(dislikes & their_likes)
    silent = ((likes | dislikes) == 0) | ((their_likes | their_dislikes) == 0)
    return say.choose(silent, 0.5, say.clip01((total + 1.0) / (enough + 1.0)))


def _slots(row: Callable[[str], Term], say: Words, settings: Mapping[str, Any]) -> Term:
    mine, theirs = row("child_slots"), row("volunteer_slots")
    share = say.clip01(say.bits(mine & theirs) / settings["criteria.common_slots.enough"])
    return say.choose((mine == 0) | (theirs == 0), 0.5, share)


def _length(row: Callable[[str], Term], say: Words, settings: Mapping[str, Any]) -> Term:
    mine, theirs = row("child_expects_months"), row("volunteer_expects_months")
    short, long = (settings[f"criteria.expected_length.{name}"] for name in ("short_months", "long_months"))
    less, more = say.smaller(mine, theirs), say.larger(mine, theirs)
    agreement = say.choose(more > 0.0, less / say.larger(more, 0.001), 1.0)
    share = say.clip01((less - short) / (long - short)) * 0.5 + agreement * 0.5
    return say.choose(say.blank(mine) | say.blank(theirs), 0.5, share)


def _programme_age(row: Callable[[str], Term], say: Words, settings: Mapping[str, Any]) -> Term:
    names = ("voksenven", "storebror", "familieven")
    youngest, oldest = (
        _by(row("child_programme"), (VOKSENVEN, STOREBROR), settings, "programme_age", tuple(f"{w}_{n}" for n in names), say)
        for w in ("min", "max")
    )
    return say.clip01((oldest - row("child_age") + 1.0) / say.larger(oldest - youngest + 1.0, 1.0))


def _stability(row: Callable[[str], Term], say: Words, settings: Mapping[str, Any]) -> Term:
    names = ("young_years", "settled_years", "short_months", "long_months")
    young, settled, short, long = (settings[f"criteria.volunteer_stability.{name}"] for name in names)
    left = row("volunteer_months_left")
    staying = say.choose(say.blank(left), 1.0, say.clip01((left - short) / (long - short)))
    by_age = say.clip01((row("volunteer_age") - young) / (settled - young))
    return by_age * 0.5 + 0.25 + staying * 0.25


def _age_wish(row: Callable[[str], Term], say: Words, settings: Mapping[str, Any]) -> Term:
    """The child's age is within the wish here: the rules have seen to that."""
    youngest, oldest = row("volunteer_wants_age_min"), row("volunteer_wants_age_max")
    ahead = say.clip01((oldest - row("child_age") + 1.0) / settings["criteria.age_wish.enough_years"])
    no_wish = say.blank(youngest) & say.blank(oldest)
    return say.choose(no_wish, 0.5, say.choose(say.blank(oldest), 1.0, ahead))
