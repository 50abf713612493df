"""What is to be said to a caregiver, as data. Whoever knows the language makes a text of it."""

from typing import Literal

from core.model import Shift
from core.record import record

NoticeKind = Literal[
    "offer", "confirmed", "already_yours", "already_claimed", "declined", "released", "closed",
    "not_eligible", "double_booked", "which_shift", "no_open_offer", "help", "opted_in", "unclear",
    "unclear_but_yours",
    "unclear_and_closed", "other_time", "taken_back", "cancelled", "moved",
]  # fmt: skip
"""What is said. The three "unclear" ones answer a message that was not understood: to somebody with offers
(or none) to answer, to the holder of the shift, and about a shift that cannot be taken any more.
"other_time": they would take the shift at a time that is not its own. "taken_back", "cancelled" and "moved"
(to another place) tell the holder what the coordinator did."""


@record
class Notice:
    """One thing to say, by text or in a call.

    `shift` is the one it is about and `code` the code of its offer. `since_ms`: when the shift was filled.
    `conflict`: the caregiver's own shift that overlaps. `choices`: codes and shifts that could be meant.
    """

    kind: NoticeKind
    shift: Shift | None = None
    code: str | None = None
    since_ms: int | None = None
    conflict: Shift | None = None
    choices: tuple[tuple[str, Shift], ...] = ()
