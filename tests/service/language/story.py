"""Shifts around Monday, March 3, 2025. It is 6am (UTC) of that day."""

from datetime import UTC, datetime, timedelta

from core.model import Shift, to_ms

NOW = datetime(2025, 3, 3, 6, tzinfo=UTC)
NOW_MS = to_ms(NOW)


def after(**delay: float) -> int:
    """UTC ms of a time after now: `after(minutes=1)`."""
    return to_ms(NOW + timedelta(**delay))


def make_shift(id: str = "s1", starts_h: float = 8, hours: float = 8, role: str = "RN", **more: str) -> Shift:
    """A shift that starts in `starts_h` hours: by default the one of Monday, 2pm to 10pm."""
    start = NOW + timedelta(hours=starts_h)
    return Shift(
        id=id, organization_id="org", role_required=role,
        start_time=start, end_time=start + timedelta(hours=hours), **more,
    )  # fmt: skip
