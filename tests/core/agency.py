"""A small agency to which anything may happen: what the random tests of the desk and the stores share.

Two roles, six caregivers, four shifts: `mon` and `late` overlap, `thu` is days away (so that offers get
older than a day while it is open), `aide` needs the other role. Every draw is small, because surprises come
from combinations.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from core.commands import (
    AssignShift,
    CancelShift,
    Command,
    Lease,
    Leased,
    Load,
    MarkCall,
    MarkFailed,
    MarkSent,
    Outgoing,
    PutCaregiver,
    PutPolicy,
    PutShift,
    Reclaim,
    ReleaseShift,
    Result,
    StartFanout,
    TickShift,
)
from core.desk import decide
from core.gather import gather
from core.model import Caregiver, Channel, LoadFile, Policy, Round, Shift, to_ms
from core.ports import DEFAULT
from core.sends import Limits, Owner
from service.language.door import inbound
from service.language.wording import Wording
from service.stores.queries import ServiceStore

BEGIN = datetime(2025, 3, 3, 6, tzinfo=UTC)
BEGIN_MS = to_ms(BEGIN)
SECOND, MINUTE, HOUR = 1_000, 60_000, 3_600_000
LEASE_MS = 30_000
OWNER = Owner("local", 1)
NO_LIMITS = Limits(0, 0, 0, 0)
"""No pace: all that may be sent is sent at once."""


def caregiver(id: str, role: str, phone: int) -> Caregiver:
    return Caregiver(id=id, name=id.title(), role=role, phone=f"+1000{phone}")


def shift(id: str, role: str, starts_h: int, hours: int = 8, location: str | None = None) -> Shift:
    start = BEGIN + timedelta(hours=starts_h)
    return Shift(
        id=id, organization_id="org", role_required=role,
        start_time=start, end_time=start + timedelta(hours=hours), location=location,
    )  # fmt: skip


def policy(*rounds: tuple[int, Channel] | tuple[int, Channel, int], window_s: int = 600) -> Policy:
    """A policy of (after_s, channel) or (after_s, channel, limit) rounds."""
    made = [
        Round(after_s=after_s, channel=channel, limit=limit[0] if limit else None)
        for after_s, channel, *limit in rounds
    ]
    return Policy(rounds=tuple(made), answer_window_s=window_s)


def outgoing(key: str) -> Outgoing:
    """A text on its way to its carrier."""
    return Outgoing(key, 1, "sms", "+10001", "hello", "ann", None, "notice")


# Not in the order of their ids, so that load order shows.
ROSTER = (
    caregiver("dee", "RN", 4),
    caregiver("ann", "RN", 1),
    caregiver("eve", "CNA", 5),
    caregiver("ben", "RN", 2),
    caregiver("cat", "RN", 3),
    caregiver("fay", "CNA", 6),
)
SHIFTS = (
    shift("mon", "RN", 8),
    shift("late", "RN", 12),
    shift("thu", "RN", 80),
    shift("aide", "CNA", 8),
)
POLICIES = (
    policy((0, "sms"), (600, "voice")),
    policy((0, "sms", 2), (300, "sms", 2), (300, "voice", 1), (900, "voice")),
    policy((0, "voice", 1), (60, "sms")),
    policy((0, "sms", 1), (90_000, "sms"), window_s=3_600),
)
PHONES = tuple(person.phone for person in ROSTER)
SHIFT_IDS = tuple(each.id for each in SHIFTS)

SOON_MS = (SECOND, 10 * SECOND, 40 * SECOND, 5 * MINUTE, 10 * MINUTE)
LATER_MS = (70 * MINUTE, 9 * HOUR, 25 * HOUR)
BACK_MS = (-SECOND, -10 * MINUTE, -2 * HOUR)
CLOCK_MS = st.sampled_from((0, 0, 0, *SOON_MS, *LATER_MS, *BACK_MS))

_WORDS = st.sampled_from(["yes", "yes", "no"])
_CODES = st.sampled_from(["B", "C", "D"])
_BODIES = st.one_of(
    _WORDS,
    st.builds("{} {}".format, _WORDS, _CODES),
    st.builds("{} {} {} {}".format, _WORDS, _CODES, _WORDS, _CODES),
    st.sampled_from(["stop", "start", "help", "maybe later", "ok thanks", "where is it?"]),
)
_MESSAGE = st.sampled_from([None, None, None, "m1", "m2", "m3"])
_SHIFT = st.sampled_from((*SHIFT_IDS, "nowhere"))
_PERSON = st.sampled_from([*(person.id for person in ROSTER), "nobody"])
_LIMITS = st.sampled_from([NO_LIMITS, Limits(), Limits(0, 0, 1_000, 60_000)])
ANY_MESSAGE = st.builds(inbound, st.sampled_from((*PHONES, "+100099")), _BODIES, st.none() | _SHIFT, _MESSAGE)
LEASE = st.builds(Lease, st.just(OWNER), _LIMITS, st.just(LEASE_MS), st.sampled_from([1, 2, 50]))
RECLAIM = Reclaim(Owner("local", 2))
COORDINATOR: st.SearchStrategy[Command] = st.one_of(
    st.builds(StartFanout, _SHIFT),
    st.builds(ReleaseShift, _SHIFT, st.none() | _PERSON),
    st.builds(AssignShift, _SHIFT, _PERSON),
    st.builds(TickShift, _SHIFT),
)


def answers(store: ServiceStore) -> st.SearchStrategy[Command]:
    """An answer to an offer that has been made, by its code or as a call gives it."""
    phones = {member.id: member.phone for member in store.roster()}
    offers = [offer for view in store.list_shifts("", 100) for offer in view.offers]
    if not offers:
        return ANY_MESSAGE
    coded = st.builds(
        lambda offer, word, message: inbound(
            phones[offer.caregiver_id], f"{word} {offer.code}", None, message
        ),
        st.sampled_from(offers),
        _WORDS,
        _MESSAGE,
    )
    called = st.builds(
        lambda offer, digit: inbound(phones[offer.caregiver_id], digit, offer.shift_id),
        st.sampled_from(offers),
        st.sampled_from(["1", "2"]),
    )
    return coded | called | ANY_MESSAGE  # fmt: skip


def marks(outgoing: Sequence[Outgoing]) -> st.SearchStrategy[Command]:
    """How a send ended that some lease began, perhaps long ago."""
    if not outgoing:
        return st.just(RECLAIM)
    send = st.sampled_from(outgoing)
    return st.one_of(
        st.builds(lambda s: MarkSent(s.key, s.attempt), send),
        st.builds(
            lambda s, permanent, jitter: MarkFailed(s.key, s.attempt, "busy", permanent, jitter),
            send, st.booleans(), st.sampled_from([0.0, 0.5]),
        ),
        st.builds(lambda s, answered: MarkCall(s.key, answered), send, st.booleans()),
    )  # fmt: skip


def together(agency: "Agency") -> st.SearchStrategy[Command]:
    """A command that may share a batch with others; people answer more often than anything else happens."""
    answer, mark = answers(agency.store), marks(agency.outgoing)
    rare = st.builds(CancelShift, _SHIFT) | st.just(RECLAIM)
    kinds = (answer, answer, answer, answer, mark, mark, COORDINATOR, COORDINATOR, LEASE, LEASE, rare)
    return st.integers(0, len(kinds) - 1).flatmap(lambda kind: kinds[kind])


# Commands that must be alone in their batch.
ALONE: st.SearchStrategy[Command] = st.one_of(
    st.builds(PutPolicy, st.sampled_from([DEFAULT, "org"]), st.sampled_from(POLICIES)),
    st.builds(
        lambda person, role, phone: PutCaregiver(Caregiver(id=person, name="New", role=role, phone=phone)),
        st.sampled_from(["ann", "eve", "gus"]), st.sampled_from(["RN", "CNA"]),
        st.sampled_from((PHONES[1], PHONES[2], "+100077")),
    ),
    st.builds(
        lambda id, starts_h, location: PutShift(shift(id, "RN", starts_h, location=location)),
        st.sampled_from(["mon", "thu", "new"]), st.sampled_from([8, 14, 80]), st.sampled_from([None, "Ward"]),
    ),
)  # fmt: skip


def batches(agency: "Agency") -> st.SearchStrategy[list[Command]]:
    """What is decided at once: mostly one to four commands, now and then one that must be alone."""
    alone = ALONE.map(lambda command: [command])
    shared = st.lists(together(agency), min_size=1, max_size=4)
    return st.integers(0, 9).flatmap(lambda tenth: alone if tenth == 9 else shared)


class Agency:
    """Commands through the desk over a store, at a time that only its driver changes."""

    def __init__(self, store: ServiceStore, first: Policy = POLICIES[0]) -> None:
        self.store = store
        self.wording = Wording("UTC", "the office")
        self.now_ms = BEGIN_MS
        self.outgoing: list[Outgoing] = []
        self.do(PutPolicy(DEFAULT, first))
        self.do(Load(LoadFile(shifts=SHIFTS, caregivers=ROSTER)))

    def do(self, *commands: Command) -> list[Result]:
        """A batch: what it is about is read, decided, put into words and written."""
        changes = decide(commands, gather(self.store, commands, self.now_ms))
        self.wording.render(changes)
        self.store.commit(changes)
        for result in changes.results:
            if isinstance(result, Leased):
                self.outgoing += result.sends
        return changes.results

    def journal(self) -> list[str]:
        return [entry.line() for entry in self.store.events(0, 10**9)]
