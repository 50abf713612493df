"""What files and HTTP carry: caregivers, shifts and policies.

The models are strict and frozen. Read them with `model_validate_json`: in Python mode a strict model
refuses the lists and ISO dates that JSON is made of.
"""

import unicodedata
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_YEAR, LAST_YEAR = 2000, 2200

Channel = Literal["sms", "voice"]
# Opaque. "/" would break paths and ":" the keys of sends, so neither may stand in an id.
Id = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\s/:\x00-\x1f]+$")]
Phone = Annotated[str, StringConstraints(pattern=r"^\+[0-9]{5,15}$")]
Label = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]


def _timezone(name: str) -> str:
    try:
        zone(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{name!r} is no IANA time zone such as America/New_York") from None
    return name


def _instant(when: datetime) -> datetime:
    if not FIRST_YEAR <= when.year <= LAST_YEAR:
        raise ValueError(f"the year must lie between {FIRST_YEAR} and {LAST_YEAR}")
    return when


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """The zone of an IANA name. Raises `KeyError` or `ValueError` for a name that is none."""
    return ZoneInfo(name)


Timezone = Annotated[str, StringConstraints(min_length=1, max_length=64), AfterValidator(_timezone)]
Instant = Annotated[AwareDatetime, AfterValidator(_instant)]


@lru_cache(maxsize=1024)
def role_key(role: str) -> str:
    """By what roles are compared: without case, width and spacing (Unicode's NFKC and case folding)."""
    return " ".join(unicodedata.normalize("NFKC", role).casefold().split())


def same_role(one: str, other: str) -> bool:
    return role_key(one) == role_key(other)


def to_ms(when: datetime) -> int:
    """UTC milliseconds since 1970 of an aware datetime, rounded down."""
    return (when - EPOCH) // timedelta(milliseconds=1)


class Model(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class Caregiver(Model):
    """Somebody who can take shifts of one role. `phone`: "+" and 5 to 15 digits.

    Roles that differ only in case, width and spacing are the same.
    """

    id: Id
    name: Label
    role: Label
    phone: Phone


class Shift(Model):
    """Work for one caregiver of `role_required` from `start_time` to `end_time` (both with an offset).

    `timezone` is the zone in which texts tell the times; `None` means the service's default zone.
    """

    id: Id
    organization_id: Id
    role_required: Label
    start_time: Instant
    end_time: Instant
    timezone: Timezone | None = None
    location: Label | None = None

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.end_time <= self.start_time:
            raise ValueError("end_time must be after start_time")
        return self

    def __hash__(self) -> int:
        return hash(self.id)  # cheap, and as good: ids are unique


class Round(Model):
    """One wave of offers, `after_s` seconds after the shift opened.

    `limit` asks only the next n caregivers, in load order, whom no earlier round has contacted;
    `None` asks everyone who has not declined.
    """

    after_s: Annotated[int, Field(ge=0, le=7 * 86_400)]
    channel: Channel
    limit: Annotated[int, Field(ge=1)] | None = None


class Policy(Model):
    """When and how a shift is offered. `answer_window_s` after the last round it counts as exhausted."""

    rounds: Annotated[tuple[Round, ...], Field(min_length=1, max_length=20)]
    answer_window_s: Annotated[int, Field(ge=1, le=7 * 86_400)] = 600

    @model_validator(mode="after")
    def _rounds_in_order(self) -> Self:
        delays = [r.after_s for r in self.rounds]
        if delays != sorted(delays):
            raise ValueError("rounds must be in order of after_s")
        return self


# Text everyone at once and phone after ten minutes: the product's promise (see README). The simulation
# exists to choose a better delay for an agency.
DEFAULT_POLICY = Policy(rounds=(Round(after_s=0, channel="sms"), Round(after_s=600, channel="voice")))


class LoadFile(Model):
    """A file of shifts and caregivers, such as sample_data.json. Ids and phones are unique in it."""

    shifts: tuple[Shift, ...] = ()
    caregivers: tuple[Caregiver, ...] = ()

    @model_validator(mode="after")
    def _no_duplicates(self) -> Self:
        for what, field, values in (
            ("shifts", "id", [s.id for s in self.shifts]),
            ("caregivers", "id", [c.id for c in self.caregivers]),
            ("caregivers", "phone", [c.phone for c in self.caregivers]),
        ):
            seen: dict[str, int] = {}
            for index, value in enumerate(values):
                if value in seen:
                    raise ValueError(
                        f"{what}[{index}] has the same {field} as {what}[{seen[value]}]: {value}"
                    )
                seen[value] = index
        return self
