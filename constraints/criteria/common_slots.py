"""Criterion: common_slots."""

from matcher.bodies import Code, Mask, Share, both, choose, clip01, count, most
from matcher.rules import criterion, earns


def _one_side_is_silent(child_slots: Code, volunteer_slots: Code) -> Mask:
    return (child_slots == 0) | (volunteer_slots == 0)


@criterion(
    title={"da": "Fælles tider", "en": "Slots in common"},
    weight=18,
    reason={"da": "fælles tider om ugen: {common_slots_count}", "en": "weekly slots in common: {common_slots_count}"},
    unknown={"da": "mindst den ene har ikke oplyst sine tider", "en": "slots of at least one side not stated"},
    unknown_when=_one_side_is_silent,
    examples=[
        earns(0.5, child_slots=0, volunteer_slots=0b1),
        earns(0.5, child_slots=0b1, volunteer_slots=0),
        earns(0.0, child_slots=0b01, volunteer_slots=0b10),
        earns(1.0 / 3.0, child_slots=0b011, volunteer_slots=0b110),
        earns(1.0, child_slots=0b01111, volunteer_slots=0b01111),
    ],
)
def common_slots(child_slots: Code, volunteer_slots: Code, enough: float = 3.0) -> Share:
    """Weekly slots (ledige tider) that both have free: all at ``enough`` of them, half where one side has stated none.

    Source: a prior; fewer than two slots in common is taken to make an end 1.4 times as likely, no study gives the size.
    """
    share = clip01(count(both(child_slots, volunteer_slots)) / most(enough, 0.001))
    return choose((child_slots == 0) | (volunteer_slots == 0), 0.5, share)
