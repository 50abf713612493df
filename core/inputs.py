"""What one shift's life is asked, and what it answers."""

from typing import Literal, cast

from core.events import ResultStatus
from core.model import Policy
from core.record import record

CoordinatorStatus = Literal["fanout_started", "already_open", "cancelled", "expired", "ticked"]
"""What else a coordinator's command or a tick can come to."""


@record
class Start:
    """Offer the shift under `policy`."""

    policy: Policy


@record
class Tick:
    """Time has passed. Late and repeated ticks are harmless."""


@record
class Claim:
    """A caregiver accepts. The desk fills in what other shifts and the roster say.

    `eligible`: has the role. `conflict`: a shift they hold that overlaps this one.
    """

    caregiver_id: str
    eligible: bool = True
    conflict: str | None = None


@record
class Assign:
    """The coordinator gives the shift to a caregiver; `policy` serves if it comes back."""

    caregiver_id: str
    policy: Policy
    eligible: bool = True
    conflict: str | None = None
    reason: str | None = None


@record
class Decline:
    """A caregiver says no. From the holder it gives the shift back, to be offered under `policy`.

    Without one the present policy stays.
    """

    caregiver_id: str
    policy: Policy | None = None


@record
class Release:
    """The coordinator takes the shift back; `caregiver_id`, if given, must be who holds it. `policy` as for
    `Decline`.
    """

    caregiver_id: str | None = None
    reason: str | None = None
    policy: Policy | None = None


@record
class Cancel:
    """The shift is no longer needed."""

    reason: str | None = None


@record
class OptOut:
    """A caregiver wants no more messages: counts as a decline wherever they were asked."""

    caregiver_id: str


Input = Start | Tick | Claim | Assign | Decline | Release | Cancel | OptOut


@record
class Outcome:
    """The answer to an input; a refusal is an answer too and knows who won and when.

    `holder` has the shift, or had it until now, since `since_ms`; `conflict` is the shift that overlaps.
    """

    status: ResultStatus | CoordinatorStatus
    holder: str | None = None
    since_ms: int | None = None
    conflict: str | None = None

    @property
    def result(self) -> ResultStatus:
        """The status, where the input was a caregiver's message."""
        return cast(ResultStatus, self.status)
