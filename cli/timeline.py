"""What the demo prints: a line for each thing that happens, and a table with the result of each shift."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from core.events import (
    CallAnswered,
    Claimed,
    Entry,
    Exhausted,
    FanoutStarted,
    OffersMade,
    Released,
    Replied,
    SendStarted,
)
from core.fanout import Status
from core.model import LoadFile, zone
from core.ports import ShiftView
from service.language.wording import times

_RESULTS = {
    "claimed": "[bold green]gets the shift[/]",
    "already_claimed": "[yellow]too late, and told so[/]",
    "already_yours": "already has the shift",
    "declined": "[dim]passes[/]",
    "unknown": "[dim]not understood, asked again[/]",
    "which_shift": "[dim]could mean several offers, asked which[/]",
    "released": "[bold red]gives the shift back[/]",
    "double_booked": "[yellow]refused: has an overlapping shift[/]",
    "closed": "[dim]too late, the shift is closed[/]",
    "no_open_offer": "[dim]has no open offer[/]",
}

# Shown for an answer whose text is unknown.
_WORDS = {"accept": "yes", "decline": "no"}


class Timeline:
    """Prints journal entries as they come. `seq`: of the last entry seen."""

    def __init__(self, console: Console, sample: LoadFile, timezone: str) -> None:
        self.seq = 0
        self._console = console
        self._zone = zone(timezone)
        self._names = {caregiver.id: caregiver.name for caregiver in sample.caregivers}
        self._phones = {caregiver.phone: caregiver.id for caregiver in sample.caregivers}
        self._shifts = {s.id: f"{s.role_required} {times(s, timezone)}" for s in sample.shifts}
        self._bodies: dict[str, list[str]] = defaultdict(list)
        self._texts: Counter[str] = Counter()
        self._calls: Counter[str] = Counter()
        self._opened: dict[str, int] = {}
        self._filled: dict[str, int] = {}

    def said(self, phone: str, body: str) -> None:
        """A caregiver is about to send `body`."""
        self._bodies[self._phones[phone]].append(body)

    def show(self, entries: Sequence[Entry]) -> None:
        """Prints the entries that are worth a line."""
        for entry in entries:
            self.seq = entry.seq
            line = self._line(entry)
            if line:
                at = datetime.fromtimestamp(entry.event.at_ms / 1000, UTC).astimezone(self._zone)
                shift = self._shifts.get(entry.shift_id or "", "")
                self._console.print(f"[cyan]{at:%H:%M:%S}[/]  {escape(shift):<27} {line}", soft_wrap=True)

    def _line(self, entry: Entry) -> str | None:
        shift_id = entry.shift_id or ""
        match entry.event:
            case FanoutStarted(at_ms=at_ms):
                self._opened[shift_id] = at_ms
                return "[bold]call-out: the shift is open[/]"
            case OffersMade(channel="sms", caregiver_ids=asked):
                return f"texts {len(asked)} caregivers"
            case OffersMade(channel="voice", caregiver_ids=asked):
                return f"[bold magenta]nobody yet: phones {len(asked)} caregivers[/]"
            case SendStarted(channel=channel, purpose=purpose):
                if purpose == "offer":
                    (self._calls if channel == "voice" else self._texts)[shift_id] += 1
                return None
            case CallAnswered(caregiver_id=caregiver_id):
                return f"{self._name(caregiver_id)} answers the phone"
            case Replied(caregiver_id=caregiver_id, intent=intent, result=result):
                said = self._bodies[caregiver_id]
                words = f'"{escape(said.pop(0))}"' if said else _WORDS.get(intent, intent)
                return f"{self._name(caregiver_id)}: {words} - {_RESULTS.get(result, result)}"
            case Claimed(at_ms=at_ms):
                self._filled[shift_id] = at_ms
                return None
            case Released():
                self._filled.pop(shift_id, None)
                return "[bold]open again: asks all who have not said no[/]"
            case Exhausted():
                return "[bold red]nobody is left to ask: a coordinator must step in[/]"
            case _:
                return None

    def _name(self, caregiver_id: str) -> str:
        return escape(self._names.get(caregiver_id, caregiver_id))

    def table(self, views: Sequence[ShiftView]) -> None:
        """Prints the result of each shift."""
        table = Table(title="Result of each call-out", title_justify="left")
        for heading in ("shift", "filled by", "min:s", "texts", "calls"):
            right = heading in ("min:s", "texts", "calls")
            table.add_column(heading, justify="right" if right else "left", no_wrap=True)
        for view in sorted(views, key=lambda view: self._opened.get(view.shift.id, 0)):
            shift_id, holder = view.shift.id, view.fanout.holder
            after = "-"
            if view.fanout.status is Status.FILLED:
                seconds = (self._filled[shift_id] - self._opened[shift_id]) // 1000
                after = f"{seconds // 60}:{seconds % 60:02}"
            table.add_row(
                escape(self._shifts.get(shift_id, shift_id)),
                self._name(holder) if holder else "[bold red]nobody[/]",
                after,
                str(self._texts[shift_id]),
                str(self._calls[shift_id]),
            )
        self._console.print(table)
