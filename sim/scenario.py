"""What is simulated: an agency's roster, its call-outs, and how people answer texts and calls.

Every default has its source beside it. A scenario is read from a TOML or JSON file, or is one of the presets.
"""

import json
import tomllib
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Self

import tomli_w
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from core.model import Label, Policy, Round, to_ms
from core.sends import Limits, interval_ms

Probability = Annotated[float, Field(ge=0, le=1)]
Seconds = Annotated[float, Field(gt=0, le=30 * 86_400)]
Dollars = Annotated[float, Field(ge=0)]
HOURS = 24
MOST_CAREGIVERS = 1_000
SLOWEST = 0.001  # sends per second, as for the service
HOUR_MS = 3_600_000
BEGIN_MS = to_ms(datetime(2035, 1, 1, tzinfo=UTC))
"""When simulated time begins: an agency's first day, or the first of a journal's independent shifts."""


class Section(BaseModel):
    """A section of a scenario. Numbers may be written without a decimal point; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _says_what_there_is(cls, given: object) -> object:
        unknown = [name for name in given if name not in cls.model_fields] if isinstance(given, dict) else []
        if unknown:
            raise ValueError(f"{unknown[0]} is not a field; there are {', '.join(cls.model_fields)}")
        return given


class Role(Section):
    """How many caregivers have the role, and its share of the call-outs, relative to the other roles."""

    name: Label
    caregivers: Annotated[int, Field(ge=1, le=MOST_CAREGIVERS)]
    share: Annotated[float, Field(gt=0)] = 1.0


class Sms(Section):
    """How people answer texts.

    A share of the people, `never_reply_share`, never answers a text. The others answer each text with
    `reply_probability`, and the answer is a yes with `accept_probability`. The latency of an answer is
    lognormal: `latency_sigma` is the standard deviation of its logarithm.
    """

    # About a third of all texts are answered: 24 to 39 %, depending on the hour (1-800 Notify).
    reply_probability: Probability = 0.33
    never_reply_share: Probability = 0.0
    # Median among participants (SMS-DMCare, PMC3208889); the spread is that of the preset `textbook`.
    latency_median_s: Seconds = 216.0
    latency_sigma: Annotated[float, Field(gt=0, le=4)] = 1.2
    # Few people can come at such short notice. This value and the one for calls are chosen so that about 77 %
    # of the shifts are filled (Patchwork, 17 NHS trusts, 2023).
    accept_probability: Probability = 0.11


class Voice(Section):
    """How people answer calls. The phone is picked up after `ring_s`, or else rings for `ring_timeout_s`."""

    # Calls from an unknown number are answered in 24 % (Hiya 2019) to 43 % (ThinkingPhones 2015) of cases.
    answer_probability: Probability = 0.35
    # Ring times of 6 to 22 s (UNICOM logs).
    ring_s: Seconds = 20.0
    # Twilio gives up after 60 s unless told otherwise; voicemail usually answers after half of that.
    ring_timeout_s: Seconds = 30.0
    accept_probability: Probability = 0.15

    @model_validator(mode="after")
    def _rings_long_enough(self) -> Self:
        if self.ring_timeout_s < self.ring_s:
            raise ValueError("ring_timeout_s must be at least ring_s, or nobody could ever pick up")
        return self


def _slow_at_most(per_second: float) -> float:
    if 0 < per_second < SLOWEST:
        raise ValueError(f"must be 0, which is no limit, or at least {SLOWEST}")
    return per_second


PerSecond = Annotated[float, Field(ge=0), AfterValidator(_slow_at_most)]


class SendRates(Section):
    """How many texts and calls the carrier takes; 0 means no limit.

    Twilio takes one segment a second per long code, and one new call a second. Nobody gets more than one text
    a second or one call a minute (`core.sends.Limits`), unless both rates are without limit.
    """

    texts_per_second: PerSecond = 1.0
    calls_per_second: PerSecond = 1.0


UNLIMITED = SendRates(texts_per_second=0, calls_per_second=0)


class CallOuts(Section):
    """When shifts fall open: a Poisson process of `per_day` call-outs, spread over the hours (UTC) by weight.

    A shift starts `lead_s` after its call-out and lasts `shift_s`. It can be claimed until it ends.
    """

    per_day: Annotated[float, Field(gt=0, le=100_000)] = 12.0
    # Most call-outs come in the early morning and before the evening shift: an assumption without a source.
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


class Prices(Section):
    """In US dollars, by Twilio's US price list: one text segment, and one started minute of a call.

    A call that goes to voicemail costs as much as one that a person answers.
    """

    text: Dollars = 0.0083
    call: Dollars = 0.014


class Scenario(Section):
    """An agency to simulate.

    `shared_caregivers`: all shifts share one roster, so nobody is asked to take a shift that overlaps one
    they hold. Otherwise each shift is simulated on its own. `pace`: how fast texts and calls go out.
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
    pace: SendRates = SendRates()
    prices: Prices = Prices()

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        names = [role.name for role in self.roles]
        if len(set(names)) < len(names):
            raise ValueError("roles must have different names")
        return self

    @model_validator(mode="after")
    def _independent_shifts_have_no_send_rates(self) -> Self:
        if not self.shared_caregivers and self.pace != UNLIMITED:
            raise ValueError(
                "without shared_caregivers the send rates must be unlimited: also set pace.texts_per_second "
                "and pace.calls_per_second to 0, or use --engine numpy"
            )
        return self

    @property
    def independent(self) -> bool:
        """Whether shifts do not affect each other, so that the NumPy engine and the formula apply."""
        return not self.shared_caregivers

    def made_independent(self) -> "Scenario":
        """The same people, but each shift on its own and without send rates, as the NumPy engine assumes."""
        return self.model_copy(update={"shared_caregivers": False, "pace": UNLIMITED})

    @property
    def open_ms(self) -> int:
        """How long a shift can be claimed: from its call-out to its end."""
        return round((self.call_outs.lead_s + self.call_outs.shift_s) * 1000)

    @property
    def ring_ms(self) -> int:
        return round(self.voice.ring_s * 1000)

    @property
    def ring_timeout_ms(self) -> int:
        return round(self.voice.ring_timeout_s * 1000)

    @property
    def limits(self) -> Limits:
        """The send rates as the outbox applies them."""
        if self.pace == UNLIMITED:
            return Limits(0, 0, 0, 0)
        texts, calls = self.pace.texts_per_second, self.pace.calls_per_second
        return Limits(interval_ms(texts) if texts else 0, interval_ms(calls) if calls else 0)

    def toml(self) -> str:
        """The scenario as a TOML file."""
        return tomli_w.dumps(self.model_dump(mode="json", exclude_none=True))


def delay_policy(delay_ms: int) -> Policy:
    """Text everybody at once, and phone those who have not declined after the delay (whole seconds)."""
    return Policy(rounds=(Round(after_s=0, channel="sms"), Round(after_s=delay_ms // 1000, channel="voice")))


class ScenarioError(Exception):
    """There is no such scenario; the message is one sentence that tells its author why."""


def presets() -> list[str]:
    """The names that `load` knows."""
    names = [path.name for path in _PRESETS.iterdir()]
    return sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


_PRESETS = files("sim") / "presets"


def load(name: str, settings: Iterable[str] = ()) -> Scenario:
    """The preset `name`, or the scenario in the TOML or JSON file of that name, changed by `settings`.

    A setting is `field=value`, with dots between the names of sections and fields, such as
    `sms.reply_probability=0.3`. The value is written as in TOML, but words need no quotes. Raises
    `ScenarioError`, and pydantic's `ValidationError` for a field that cannot be so.
    """
    given = _read(name)
    for setting in settings:
        _set(given, setting)
    return Scenario.model_validate(given)


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
        raise ScenarioError(f"{path} is not a {path.suffix[1:].upper()} file: {error}") from None
    if not isinstance(given, dict):
        raise ScenarioError(f"{path} must hold an object with the fields of a scenario")
    return given


def _set(given: dict[str, Any], setting: str) -> None:
    path, equals, text = setting.partition("=")
    *sections, last = path.strip().split(".")
    if not equals or not all((*sections, last)):
        example = "sms.reply_probability=0.3"
        raise ScenarioError(f"{setting!r} is not a setting: write field=value, such as {example}")
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        value = text.strip()
    section = given
    for name in sections:
        section = section.setdefault(name, {})
        if not isinstance(section, dict):
            raise ScenarioError(f"{setting!r}: the fields of {name} cannot be set one by one; use a file")
    section[last] = value
