"""The caregivers and shifts of a run. All ids contain the name of the run, so runs never affect each other.

Shifts do not overlap, so nobody is ever double booked. Each shift is offered to one crew. The crews take
turns, because each person gets at most one text a second and the texts would pile up.
"""

import secrets
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from core.model import Caregiver, Policy, Round, Shift

FIRST_START = datetime(2035, 1, 1, tzinfo=UTC)  # no shift begins or ends while a test runs
SHIFT_LENGTH = timedelta(hours=2)
MOST_CAREGIVERS = 2_000  # unless one crew is larger
MOST_SHIFTS = 500_000  # the last one ends before the last year that the service accepts
# Nobody is called in the middle of a race.
POLICY = Policy(rounds=(Round(after_s=0, channel="sms"), Round(after_s=86_400, channel="voice")))
# No country has the code 999 (ITU-T E.164), so these numbers never ring.
UNASSIGNED = "+999"


class Cast(NamedTuple):
    """`run`: eight hexadecimal digits. `claimants`: the size of each crew."""

    run: str
    shifts: int
    claimants: int
    crews: int

    @classmethod
    def new(cls, shifts: int, claimants: int, crews: int | None = None) -> "Cast":
        """A cast with a new name. By default it has as many crews as `MOST_CAREGIVERS` allows.

        Raises `ValueError` for more than `MOST_SHIFTS` shifts.
        """
        if shifts > MOST_SHIFTS:
            raise ValueError(f"a run can have at most {MOST_SHIFTS:,} shifts")
        most = max(1, MOST_CAREGIVERS // claimants)
        return cls(secrets.token_hex(4), shifts, claimants, crews or min(shifts, most))

    @property
    def organization(self) -> str:
        return f"race-{self.run}"

    def shift_id(self, number: int) -> str:
        return f"race-{self.run}-{number}"

    def caregiver_id(self, number: int, member: int) -> str:
        """The `member`-th caregiver of the crew to which shift `number` is offered."""
        return f"race-{self.run}-{number % self.crews}-{member}"

    def phone(self, number: int, member: int) -> str:
        place = number % self.crews * self.claimants + member
        return f"{UNASSIGNED}{int(self.run, 16) % 1_000_000:06}{place:06}"

    def shift(self, number: int) -> Shift:
        start = FIRST_START + number * SHIFT_LENGTH
        return Shift(
            id=self.shift_id(number),
            organization_id=self.organization,
            role_required=f"{self.organization}-{number % self.crews}",
            start_time=start,
            end_time=start + SHIFT_LENGTH,
        )

    def caregivers(self) -> list[Caregiver]:
        return [
            Caregiver(
                id=self.caregiver_id(crew, member),
                name=f"Racer {crew}-{member}",
                role=f"{self.organization}-{crew}",
                phone=self.phone(crew, member),
            )
            for crew in range(self.crews)
            for member in range(self.claimants)
        ]
