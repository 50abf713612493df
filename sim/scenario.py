"""What is simulated: an agency's roster, its call-outs, and how people answer texts and calls.

Every default has its source beside it. A scenario is read from TOML or JSON; `preset` knows some by name.
"""

import json
import tomllib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Self, get_args

import tomli_w
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from core.model import Label, Policy, Round, to_ms
from core.sends import Limits

Probability = Annotated[float, Field(ge=0, le=1)]
Seconds = Annotated[float, Field(gt=0, le=30 * 86_400)]
Dollars = Annotated[float, Field(ge=0)]
HOURS = 24
HOUR_MS = 3_600_000
BEGIN_MS = to_ms(datetime(2035, 1, 1, tzinfo=UTC))
"""When simulated time begins; the first day of an agency, or the first shift of a journal."""


class Part(BaseModel):
    """A part of a scenario. Numbers may be written as whole ones; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Role(Part):
    """`caregivers` people; `share`: how many of the call-outs ask for the role, relative to the others."""

    name: Label
    caregivers: Annotated[int, Field(ge=1, le=1_000)]
    share: Annotated[float, Field(gt=0)] = 1.0


class Sms(Part):
    """How people answer texts. Latencies are lognormal: median `latency_median_s`, sigma of the logarithm.

    `never_reply_share` of the people never answer a text; the rest answer each with `reply_probability`,
    and of their answers `accept_probability` are a yes.
    """

    # About a third of texts is answered: 24 to 39 % by hour (1-800 Notify).
    reply_probability: Probability = 0.33
    never_reply_share: Probability = 0.0
    # Median among participants (SMS-DMCare, PMC3208889); the spread is that of the design's textbook case.
    latency_median_s: Seconds = 216.0
    latency_sigma: Annotated[float, Field(gt=0, le=4)] = 1.2
    # Few can come at such notice: chosen, with the same for calls, so that about 77 % of the shifts are
    # filled (Patchwork, 17 NHS trusts, 2023).
    accept_probability: Probability = 0.11


class Voice(Part):
    """How people answer calls: the phone rings `ring_s` until it is picked up, else `ring_timeout_s`."""

    # An unknown number is answered in 24 % (Hiya 2019) to 43 % (ThinkingPhones 2015) of cases.
    answer_probability: Probability = 0.35
    # Ring times of 6 to 22 s (UNICOM logs).
    ring_s: Seconds = 20.0
    # Twilio gives up after 60 s unless told otherwise; voicemail usually answers after half of that.
    ring_timeout_s: Seconds = 30.0
    accept_probability: Probability = 0.15

    @model_validator(mode="after")
    def _rings_long_enough(self) -> Self:
        if self.ring_timeout_s < self.ring_s:
            raise ValueError("ring_timeout_s must be at least ring_s, or nobody can ever pick up")
        return self


class Pace(Part):
    """What the carrier takes, 0 being no limit. Twilio: one segment a second per long code, one new call a
    second. Nobody gets two texts a second, or two calls a minute (`core.sends.Limits`), unless there is
    no limit at all.
    """

    texts_per_second: Annotated[float, Field(ge=0)] = 1.0
    calls_per_second: Annotated[float, Field(ge=0)] = 1.0


NO_PACE = Pace(texts_per_second=0, calls_per_second=0)


class CallOuts(Part):
    """When shifts fall open: `per_day` of them, more often in the hours of greater weight (Poisson).

    A shift starts `lead_s` after its call-out and lasts `shift_s`; it can be claimed until its end.
    """

    per_day: Annotated[float, Field(gt=0, le=100_000)] = 12.0
    # Most call-outs come in the early morning and before the evening shift; chosen, for want of a source.
    by_hour: tuple[Annotated[float, Field(ge=0)], ...] = (
        0.3, 0.3, 0.3, 0.5, 1.5, 3.0, 4.0, 3.0, 1.5, 1.0, 1.0, 1.0, 1.0, 1.5, 2.0, 1.5, 1.0, 0.8, 0.8, 0.8,
        0.8, 0.6, 0.4, 0.3,
    )  # fmt: skip
    lead_s: Annotated[float, Field(ge=0, le=30 * 86_400)] = 2 * 3600.0
    shift_s: Seconds = 8 * 3600.0

    @model_validator(mode="after")
    def _a_day_has_24_hours(self) -> Self:
        if len(self.by_hour) != HOURS or not sum(self.by_hour):
            raise ValueError("by_hour must have 24 weights, and not all of them 0")
        return self


class Prices(Part):
    """In dollars. Twilio, US: a segment, and a started minute of a call, which voicemail answers too."""

    text: Dollars = 0.0083
    call: Dollars = 0.014


class Scenario(Part):
    """`shared_caregivers`: one roster for all shifts, so that who works one is not asked for another that
    overlaps; otherwise every shift is on its own.
    """

    description: str = "An agency where the delay matters: about 77 % of the shifts are filled."
    roles: Annotated[tuple[Role, ...], Field(min_length=1)] = (
        Role(name="CNA", caregivers=24, share=0.5),
        Role(name="LPN", caregivers=20, share=0.3),
        Role(name="RN", caregivers=16, share=0.2),
    )
    call_outs: CallOuts = CallOuts()
    shared_caregivers: bool = True
    sms: Sms = Sms()
    voice: Voice = Voice()
    pace: Pace = Pace()
    prices: Prices = Prices()

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        names = [role.name for role in self.roles]
        if len(set(names)) < len(names):
            raise ValueError("roles must have different names")
        return self

    @model_validator(mode="after")
    def _only_who_shares_caregivers_has_a_pace(self) -> Self:
        if not self.shared_caregivers and self.pace != NO_PACE:
            raise ValueError(
                "shifts that do not share caregivers have no pace: set pace.texts_per_second and "
                "pace.calls_per_second to 0 too, or use --engine numpy"
            )
        return self

    @property
    def independent(self) -> bool:
        """Whether shifts do not touch each other, so that the NumPy engine and the formula hold."""
        return not self.shared_caregivers

    def made_independent(self) -> "Scenario":
        """The same people, each shift on its own and without pace: what the NumPy engine computes."""
        return self.model_copy(update={"shared_caregivers": False, "pace": NO_PACE})

    @property
    def open_ms(self) -> int:
        """From a call-out to the end of its shift."""
        return round((self.call_outs.lead_s + self.call_outs.shift_s) * 1000)

    @property
    def ring_ms(self) -> int:
        return round(self.voice.ring_s * 1000)

    @property
    def ring_timeout_ms(self) -> int:
        return round(self.voice.ring_timeout_s * 1000)

    @property
    def limits(self) -> Limits:
        """The pace as the outbox keeps it."""
        if self.pace == NO_PACE:
            return Limits(0, 0, 0, 0)
        texts, calls = self.pace.texts_per_second, self.pace.calls_per_second
        return Limits(round(1000 / texts) if texts else 0, round(1000 / calls) if calls else 0)

    def toml(self) -> str:
        """The scenario as a TOML file."""
        return tomli_w.dumps(self.model_dump(mode="json", exclude_none=True))


def delay_policy(delay_ms: int) -> Policy:
    """Text everybody at once, phone the rest after the delay (whole seconds)."""
    return Policy(rounds=(Round(after_s=0, channel="sms"), Round(after_s=delay_ms // 1000, channel="voice")))


class ScenarioError(Exception):
    """The scenario cannot be had; the message is one sentence for its author."""


def presets() -> list[str]:
    """The names that `load` knows."""
    names = [path.name for path in _PRESETS.iterdir()]
    return sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


_PRESETS = files("sim") / "presets"


def load(name: str, settings: Iterable[str] = ()) -> Scenario:
    """The preset `name`, or the scenario in the TOML or JSON file of that name, changed by `settings`.

    A setting is `field=value` with dots between the names of parts, such as `sms.reply_probability=0.3`, and
    its value in TOML; words need no quotes. Raises `ScenarioError`.
    """
    given = _read(name)
    for setting in settings:
        _set(given, setting)
    try:
        return Scenario.model_validate(given)
    except ValidationError as error:
        raise ScenarioError(f"scenario {name}: {_explain(error)}") from None


def _read(name: str) -> dict[str, Any]:
    if name in presets():
        return tomllib.loads((_PRESETS / f"{name}.toml").read_text(encoding="utf-8"))
    path = Path(name)
    if path.suffix not in (".toml", ".json"):
        known = ", ".join(presets())
        raise ScenarioError(f"there is no preset {name}: give one of {known}, or a TOML or JSON file")
    try:
        text = path.read_text(encoding="utf-8")
        given = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except OSError as error:
        raise ScenarioError(f"cannot read {path}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:  # of JSON, TOML or UTF-8
        raise ScenarioError(f"{path} is no {path.suffix[1:].upper()} file: {error}") from None
    if not isinstance(given, dict):
        raise ScenarioError(f"{path} must hold an object with the fields of a scenario")
    return given


def _set(given: dict[str, Any], setting: str) -> None:
    path, equals, text = setting.partition("=")
    *parts, last = path.strip().split(".")
    if not equals or not all((*parts, last)):
        example = "sms.reply_probability=0.3"
        raise ScenarioError(f"{setting!r} is no setting: write field=value, such as {example}")
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        value = text.strip()
    part = given
    for name in parts:
        part = part.setdefault(name, {})
        if not isinstance(part, dict):
            raise ScenarioError(f"{setting!r}: {name} has no parts that can be set one by one; use a file")
    part[last] = value


def _explain(error: ValidationError) -> str:
    """The first thing that is wrong, in words; for an unknown field those that there are."""
    first = error.errors(include_url=False)[0]
    place = ".".join(str(step) for step in first["loc"]) or "the scenario"
    if first["type"] == "extra_forbidden":
        return f"{place} is no field; there are {', '.join(_part_of(first['loc']).model_fields)}"
    return f"{place}: {first['msg'].removeprefix('Value error, ')}"


def _part_of(place: Sequence[int | str]) -> type[Part]:
    """The part of a scenario whose field stands at `place`."""
    part: type[Part] = Scenario
    for name in place[:-1]:
        if isinstance(name, str):
            kind = part.model_fields[name].annotation
            kinds = (kind, *get_args(kind))  # the part itself, or a tuple of them
            part = next(k for k in kinds if isinstance(k, type) and issubclass(k, Part))
    return part
