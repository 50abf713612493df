"""Who competes for what: everything follows from the name of the run, so that runs never meet.

Shifts follow one another without overlapping, so nobody is ever double booked. Each is offered to one crew;
the crews take turns, so that the texts to one person, of which there is at most one a second, do not pile up.
"""

import secrets
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from core.model import Caregiver, Policy, Round, Shift

FIRST_START = datetime(2035, 1, 1, tzinfo=UTC)  # nothing begins or ends while a test runs
SHIFT_LENGTH = timedelta(hours=2)
MOST_CAREGIVERS = 2_000  # unless one crew is larger
MOST_SHIFTS = 500_000  # the last of them ends before the last year that the service knows
# No call may come in the middle of a race.
POLICY = Policy(rounds=(Round(after_s=0, channel="sms"), Round(after_s=86_400, channel="voice")))
# ITU-T E.164 assigns no country the code 999, so that these numbers can never ring anywhere.
UNASSIGNED = "+999"


class Cast(NamedTuple):
    """`run`: eight hexadecimal digits. `claimants`: how many each crew has."""

    run: str
    shifts: int
    claimants: int
    crews: int

    @classmethod
    def new(cls, shifts: int, claimants: int, crews: int | None = None) -> "Cast":
        """A cast that has never been. By default there are as many crews as `MOST_CAREGIVERS` make.

        Raises `ValueError` for more than `MOST_SHIFTS`.
        """
        if shifts > MOST_SHIFTS:
            raise ValueError(f"there is time for {MOST_SHIFTS:,} shifts at most")
        most = max(1, MOST_CAREGIVERS // claimants)
        return cls(secrets.token_hex(4), shifts, claimants, crews or min(shifts, most))

    @property
    def organization(self) -> str:
        return f"race-{self.run}"

    def shift_id(self, number: int) -> str:
        return f"race-{self.run}-{number}"

    def caregiver_id(self, number: int, member: int) -> str:
        """The `member`-th of the crew to which shift `number` is offered."""
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
