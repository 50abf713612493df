"""Settings, from the environment (FANOUT_...) and the command line's flags, which win."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.model import Timezone
from core.sends import Limits, interval_ms
from service.language.gsm7 import gsm7, septets
from service.language.wording import LONGEST_OFFICE, OFFICE

SHORTEST_KEY = 8
# As many caregivers may claim at once as `fanout race` plays, and others look on.
MOST_CONNECTIONS = 16_000
# Open streams of GET /events.
MOST_STREAMS = 200


def _long_enough(key: SecretStr) -> SecretStr:
    if len(key) < SHORTEST_KEY:
        raise ValueError(f"a key must have at least {SHORTEST_KEY} characters")
    return key


def _tellable(text: str) -> str:
    told = gsm7(text)
    if not told or told.count("?") > text.count("?"):
        raise ValueError("must be a number or words in characters that every phone shows")
    if septets(told) > LONGEST_OFFICE:
        raise ValueError(f"must have at most {LONGEST_OFFICE} characters; texts would say {told!r}")
    return text.strip()


class Settings(BaseSettings):
    """`api_keys` is a JSON list in the environment: FANOUT_API_KEYS='["..."]'.

    `timezone` is where texts tell the times of shifts that name no zone; `office` is
    whom they say to call, best a number. Twilio's defaults are one text
    a second per long code and one call a second per account.
    """

    model_config = SettingsConfigDict(env_prefix="FANOUT_", extra="ignore")

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65_535)] = 8000
    database: Path = Path("fanout.db")
    carrier: Literal["console"] = "console"
    api_keys: tuple[Annotated[SecretStr, AfterValidator(_long_enough)], ...] = ()
    timezone: Timezone = "America/New_York"
    office: Annotated[str, AfterValidator(_tellable)] = OFFICE
    sms_per_second: Annotated[float, Field(ge=0.001, le=1e6, allow_inf_nan=False)] = 1.0
    calls_per_second: Annotated[float, Field(ge=0.001, le=1e6, allow_inf_nan=False)] = 1.0
    max_connections: Annotated[int, Field(ge=1, le=1_000_000)] = MOST_CONNECTIONS
    max_streams: Annotated[int, Field(ge=1, le=1_000_000)] = MOST_STREAMS
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @property
    def limits(self) -> Limits:
        """The pace of sends."""
        return Limits(sms_ms=interval_ms(self.sms_per_second), voice_ms=interval_ms(self.calls_per_second))
