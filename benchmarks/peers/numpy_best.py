"""NumPy written by hand for these very rules and settings, as fast as we could make it.

Each rule over few values becomes bits: a child carries what it is, a volunteer what she refuses, and one ``&`` of 64-bit
words settles seven rules at once. Who is left after two more words (slots, languages) is judged by travel time, and who is
left then gets points. What depends on one person is computed once a person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from matcher.bodies import BIKE, CAR, FAMILIEVEN, FEMALE, MALE, OTHER, STOREBROR, VOKSENVEN
from matcher.geography.distance import minutes

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from benchmarks.peers.instance import Columns, Instance, Pairs

    Floats = npt.NDArray[np.float64]
    Words = npt.NDArray[np.uint64]

PROGRAMMES, GENDERS, AGES = (VOKSENVEN, STOREBROR, FAMILIEVEN), (FEMALE, MALE, OTHER), range(19)
TRAVEL = ("x", "y", "z")


def prepare(given: Instance, *, rows: int) -> Callable[[], Pairs]:
    """Return the call that finds and scores all pairs, ``rows`` children at a time."""
    child, volunteer, settings = given.children, given.volunteers, given.all_settings()
    if (settings["common_slots.min_common"], settings["common_language.min_common"]) != (1.0, 1.0):
        raise ValueError("one common slot and one common language are taken to be enough")
    is_so, refuses = _traits(child), _refusals(volunteer, settings)
    slots = _or_any(child["child_slots"]), _or_any(volunteer["volunteer_slots"])
    languages = child["child_languages"], volunteer["volunteer_languages"]
    limit = settings["travel_time.max_minutes"]
    limits = _or(child["child_max_minutes"], limit), _or(volunteer["volunteer_max_minutes"], limit)
    points_of = _scorer(given, settings, limits)
    size = len(is_so)

    def block(start: int) -> Pairs:
        part = slice(start, start + rows)
        mask = (is_so[part, None] & refuses) == 0
        mask &= (slots[0][part, None] & slots[1]) != 0
        mask &= (languages[0][part, None] & languages[1]) != 0
        i, j = np.divmod(np.flatnonzero(mask), mask.shape[1])
        i += start
        far = _minutes(child, volunteer, i, j)
        near = far <= np.minimum(limits[0][i], limits[1][j])
        i, j = i[near], j[near]
        return i, j, points_of(i, j, far[near])

    def call() -> Pairs:
        parts = [block(start) for start in range(0, size, rows)]
        first, second, points = (np.concatenate(column) for column in zip(*parts, strict=True))
        return first, second, points

    return call


def _traits(child: Columns) -> Words:
    """What a child is or needs, as bits that a volunteer may refuse."""
    programme, gender, age = child["child_programme"], child["child_gender"], child["child_age"]
    bits = [(programme == p) & (gender == g) for p in PROGRAMMES for g in GENDERS]
    bits += [age == years for years in AGES]
    bits += [(child["child_wants_gender"] & g) == 0 for g in GENDERS]
    return _packed([*bits, child["child_smoke_free"] == 1.0], child["child_allergies"])


def _refusals(volunteer: Columns, settings: dict[str, Any]) -> Words:
    """What a volunteer refuses, bit for bit as in ``_traits``: one set bit in common and the pair is out."""
    age, youngest, oldest = (volunteer[f"volunteer_{name}"] for name in ("age", "wants_age_min", "wants_age_max"))
    brother = (age >= settings["volunteer_age.min_storebror"]) & (age <= settings["volunteer_age.max_storebror"])
    bits = []
    for programme in PROGRAMMES:
        takes = (volunteer["volunteer_programmes"] & programme != 0) & (age >= settings["volunteer_age.min_years"])
        if programme == STOREBROR:
            takes &= brother
        for gender in GENDERS:
            wished = (volunteer["volunteer_wants_gender"] & gender) != 0
            if programme == FAMILIEVEN:
                wished |= volunteer["volunteer_states_gender"] == 0.0
            bits.append(~(takes & wished))
    bits += [(years < youngest) | (years > oldest) for years in AGES]
    bits += [volunteer["volunteer_gender"] == gender for gender in GENDERS]
    return _packed([*bits, volunteer["volunteer_smoker"] == 1.0], volunteer["volunteer_pets"])


def _packed(bits: list[npt.NDArray[np.bool_]], animals: Words) -> Words:
    if int(animals.max(initial=0)) >> (64 - len(bits)):
        raise ValueError("too many kinds of animals for one word")
    found = animals << np.uint64(len(bits))
    for k, bit in enumerate(bits):
        found |= bit.astype(np.uint64) << np.uint64(k)
    return found


def _or(value: Floats, otherwise: float) -> Floats:
    return np.where(np.isnan(value), otherwise, value)


def _or_any(slots: Words) -> npt.NDArray[np.uint32]:
    """Slots in 32 bits; who has stated none is taken to have all, so that any slot is in common."""
    return np.where(slots == 0, 0xFFFFFFFF, slots).astype(np.uint32)


def _minutes(child: Columns, volunteer: Columns, i: npt.NDArray[np.intp], j: npt.NDArray[np.intp]) -> Floats:
    here = [child[f"child_{axis}"][i] for axis in TRAVEL]
    there = [volunteer[f"volunteer_{axis}"][j] for axis in TRAVEL]
    rate = [volunteer[f"volunteer_minutes_{name}"][j] for name in ("per_km", "fixed")]
    return np.asarray(minutes(*here, *there, *rate))


def _points(share: Floats, cap: float) -> npt.NDArray[np.int64]:
    return np.floor(share * cap + 0.5).astype(np.int64)


def _scorer(given: Instance, settings: dict[str, Any], limits: tuple[Floats, Floats]) -> Callable[..., npt.NDArray[np.int64]]:
    """Return the function that gives points to pairs by index; what depends on one person is computed here."""
    child, volunteer, caps = given.children, given.volunteers, given.caps
    of_child = _points(_programme_age(child, settings), caps["programme_age"])
    of_volunteer = _points(_stability(volunteer, settings), caps["volunteer_stability"])
    of_volunteer += _points(_transport(volunteer, settings), caps["transport"])
    spoken = np.bitwise_count(child["child_languages"])
    near = settings["criteria.travel_time.near_minutes"]

    def points_of(i: npt.NDArray[np.intp], j: npt.NDArray[np.intp], far: Floats) -> npt.NDArray[np.int64]:
        limit = np.minimum(limits[0][i], limits[1][j])
        travel = np.clip((limit - far) / np.maximum(limit - near, 0.001), 0.0, 1.0)
        travel[far <= near] = 1.0
        languages = np.bitwise_count(child["child_languages"][i] & volunteer["volunteer_languages"][j]) / spoken[i]
        return (
            of_child[i]
            + of_volunteer[j]
            + _points(travel, caps["travel_time"])
            + _points(_interests(child, volunteer, settings, i, j), caps["interests"])
            + _points(_slots(child["child_slots"][i], volunteer["volunteer_slots"][j], settings), caps["common_slots"])
            + _points(_length(child, volunteer, settings, i, j), caps["expected_length"])
            + _points(_age_wish(child, volunteer, settings, i, j), caps["age_wish"])
            + _points(languages, caps["languages"])
        )

    return points_of


def _programme_age(child: Columns, settings: dict[str, Any]) -> Floats:
    programme = child["child_programme"]
    bounds = []
    for which in ("min", "max"):
        numbers = [settings[f"criteria.programme_age.{which}_{name}"] for name in ("voksenven", "storebror", "familieven")]
        bounds.append(np.select([programme == VOKSENVEN, programme == STOREBROR], numbers[:2], numbers[2]))
    return np.asarray(np.clip((bounds[1] - child["child_age"] + 1.0) / np.maximum(bounds[1] - bounds[0] + 1.0, 1.0), 0.0, 1.0))


def _stability(volunteer: Columns, settings: dict[str, Any]) -> Floats:
    young, settled, short, long = (
        settings[f"criteria.volunteer_stability.{name}"]
        for name in ("young_years", "settled_years", "short_months", "long_months")
    )
    left = volunteer["volunteer_months_left"]
    by_age = np.clip((volunteer["volunteer_age"] - young) / (settled - young), 0.0, 1.0)
    staying = np.where(np.isnan(left), 1.0, np.clip((left - short) / (long - short), 0.0, 1.0))
    return np.asarray(0.25 + 0.5 * by_age + 0.25 * staying)


def _transport(volunteer: Columns, settings: dict[str, Any]) -> Floats:
    kinds = volunteer["volunteer_transport"]
    shares = [settings[f"criteria.transport.{name}"] for name in ("car", "bike", "public")]
    return np.asarray(np.select([kinds == CAR, kinds == BIKE], shares[:2], shares[2]))


def _interests(child: Columns, volunteer: Columns, settings: dict[str, Any], i: Any, j: Any) -> Floats:  # noqa: ANN401
    likes, dislikes = child["child_likes"][i], child["child_dislikes"][i]
    their_likes, their_dislikes = volunteer["volunteer_likes"][j], volunteer["volunteer_dislikes"][j]
    enough, rare, everyday = (settings[f"criteria.interests.{name}"] for name in ("enough", "rare", "everyday"))

    def worth(common: Words) -> Floats:
        extra = 0.5 * np.bitwise_count(common & rare) - 0.5 * np.bitwise_count(common & everyday)
        return np.asarray(np.bitwise_count(common) + extra)

    total = worth(likes & their_likes) + 0.6 * worth(dislikes & their_dislikes)
    total = total - worth(likes & their_dislikes) - worth(dislikes & their_likes)
    stated = ((likes | dislikes) != 0) & ((their_likes | their_dislikes) != 0)
    return np.where(stated, np.clip((total + 1.0) / (enough + 1.0), 0.0, 1.0), 0.5)


def _slots(mine: Words, theirs: Words, settings: dict[str, Any]) -> Floats:
    share = np.minimum(np.bitwise_count(mine & theirs) / settings["criteria.common_slots.enough"], 1.0)
    return np.where((mine == 0) | (theirs == 0), 0.5, share)


def _length(child: Columns, volunteer: Columns, settings: dict[str, Any], i: Any, j: Any) -> Floats:  # noqa: ANN401
    mine, theirs = child["child_expects_months"][i], volunteer["volunteer_expects_months"][j]
    short, long = (settings[f"criteria.expected_length.{name}"] for name in ("short_months", "long_months"))
    less, more = np.minimum(mine, theirs), np.maximum(mine, theirs)
    agreement = np.where(more > 0.0, less / np.maximum(more, 0.001), 1.0)
    share = 0.5 * np.clip((less - short) / (long - short), 0.0, 1.0) + 0.5 * agreement
    return np.where(np.isnan(share), 0.5, share)


def _age_wish(child: Columns, volunteer: Columns, settings: dict[str, Any], i: Any, j: Any) -> Floats:  # noqa: ANN401
    """The child's age is within the wish here: the mask has seen to that."""
    oldest, youngest = volunteer["volunteer_wants_age_max"][j], volunteer["volunteer_wants_age_min"][j]
    ahead = np.clip((oldest - child["child_age"][i] + 1.0) / settings["criteria.age_wish.enough_years"], 0.0, 1.0)
    return np.where(np.isnan(oldest), np.where(np.isnan(youngest), 0.5, 1.0), ahead)
