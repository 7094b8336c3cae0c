"""Criterion: interests."""

from matcher.bodies import Mask, Set, Share, both, choose, clip01, count, weighed
from matcher.rules import criterion, earns

NOTHING: dict[str, int] = {"child_likes": 0, "child_dislikes": 0, "volunteer_likes": 0, "volunteer_dislikes": 0}


def _one_side_is_silent(child_likes: Set, child_dislikes: Set, volunteer_likes: Set, volunteer_dislikes: Set) -> Mask:
    return (count(child_likes) + count(child_dislikes) == 0) | (count(volunteer_likes) + count(volunteer_dislikes) == 0)


@criterion(
    title={"da": "Interesser", "en": "Interests"},
    weight=20,
    reason={
        "da": "fælles interesser: {common_likes}; begge undgår: {common_dislikes}; uenige om: {clashing_interests}",
        "en": "interests in common: {common_likes}; both avoid: {common_dislikes}; disagree on: {clashing_interests}",
    },
    unknown={"da": "mindst den ene har ikke oplyst interesser", "en": "interests of at least one side not stated"},
    unknown_when=_one_side_is_silent,
    examples=[
        earns(0.5, **NOTHING),
        earns(0.5, **{**NOTHING, "child_likes": 0b1}),
        earns(0.25, **{**NOTHING, "child_likes": 0b01, "volunteer_likes": 0b10}),
        earns(0.5, **{**NOTHING, "child_likes": 0b01, "volunteer_likes": 0b11}),
        earns(1.0, **{**NOTHING, "child_likes": 0b111, "volunteer_likes": 0b111}),
        earns(0.4, **{**NOTHING, "child_dislikes": 0b1, "volunteer_dislikes": 0b1}),
        earns(0.0, **{**NOTHING, "child_likes": 0b1, "volunteer_dislikes": 0b1}),
        earns(0.0, **{**NOTHING, "child_dislikes": 0b1, "volunteer_likes": 0b1}),
    ],
)
def interests(
    child_likes: Set,
    child_dislikes: Set,
    volunteer_likes: Set,
    volunteer_dislikes: Set,
    enough: float = 3.0,
    rare: tuple[str, ...] = (),
    everyday: tuple[str, ...] = (),
) -> Share:
    """Common likes, and dislikes in common, count for; a like that meets a dislike counts against.

    ``enough`` common likes earn all; a rare interest counts half as much more, an everyday one half as much. What is rare is
    policy, not the case at hand, so one new person never moves everybody's score. Half where one side has stated nothing.
    Source: a shared dislike goes with longer matches than a shared like or discordance (Raposa 2018); programmes that match
    on interests have larger effects (DuBois 2011). The figures 1, 0.6 and −1 are priors.
    """
    stated = (count(child_likes) + count(child_dislikes) > 0) & (count(volunteer_likes) + count(volunteer_dislikes) > 0)
    alike = weighed(both(child_likes, volunteer_likes), rare, everyday)
    shun = weighed(both(child_dislikes, volunteer_dislikes), rare, everyday)
    clash = weighed(both(child_likes, volunteer_dislikes), rare, everyday)
    clash_back = weighed(both(child_dislikes, volunteer_likes), rare, everyday)
    return choose(stated, clip01((alike + 0.6 * shun - clash - clash_back + 1.0) / (enough + 1.0)), 0.5)
