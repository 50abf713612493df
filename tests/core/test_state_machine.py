"""Anything may happen to a small agency, in any order and in batches, and the rules still hold."""

import copy
from collections import Counter
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from core import fanout
from core.commands import (
    AssignShift,
    Command,
    Inbound,
    InboundResult,
    Lease,
    Leased,
    MarkFailed,
    MarkSent,
    PutShift,
    Reclaim,
    Result,
    StartFanout,
    TickShift,
)
from core.events import Claimed, Entry, OffersMade, Released, Replied
from core.fanout import Status
from core.invariants import violations
from core.memory import MemoryStore
from core.model import Policy
from core.ports import ReadSet
from core.sends import Send
from service.language.door import inbound
from service.language.wording import gsm7, times
from tests.core.agency import (
    ALONE,
    BACK_MS,
    CLOCK_MS,
    HOUR,
    LATER_MS,
    LEASE,
    LEASE_MS,
    NO_LIMITS,
    OWNER,
    POLICIES,
    ROSTER,
    SHIFT_IDS,
    SOON_MS,
    Agency,
    answers,
    batches,
    shift,
    together,
)


class DeskMachine(RuleBasedStateMachine):
    """Batches, clock steps and roster changes at random; after each, `invariant`s are checked."""

    agency: Agency

    def __init__(self) -> None:
        super().__init__()
        self.first_answers: dict[str, InboundResult] = {}
        self.latest_ms = 0

    @initialize(policy=st.sampled_from(POLICIES), start=st.sets(st.sampled_from(SHIFT_IDS)))
    def open(self, policy: Policy, start: set[str]) -> None:
        self.agency = Agency(MemoryStore(), policy)
        self.agency.do(*(StartFanout(shift_id) for shift_id in sorted(start)))

    @rule(data=st.data())
    def batch(self, data: st.DataObject) -> None:
        commands = data.draw(st.lists(together(self.agency), min_size=1, max_size=4), "commands")
        self.note(commands, self.agency.do(*commands))

    @rule(data=st.data())
    def people_answer(self, data: st.DataObject) -> None:
        commands = data.draw(st.lists(answers(self.agency.store), min_size=1, max_size=4), "answers")
        self.note(commands, self.agency.do(*commands))

    @rule(lost=st.sets(st.integers(0, 7)))
    def deliver(self, lost: set[int]) -> None:
        """Everything that waits goes out, but of some it is not heard, at least not now."""
        [leased] = self.agency.do(Lease(OWNER, NO_LIMITS, LEASE_MS, 50))
        assert isinstance(leased, Leased)
        sent = [send for index, send in enumerate(leased.sends) if index not in lost]
        self.agency.do(*(MarkSent(send.key, send.attempt) for send in sent))

    @rule(command=ALONE)
    def alone(self, command: Command) -> None:
        self.agency.do(command)

    @rule(step_ms=st.sampled_from(SOON_MS))
    def wait(self, step_ms: int) -> None:
        self.agency.now_ms += step_ms
        self.latest_ms = max(self.latest_ms, self.agency.now_ms)

    @rule(step_ms=st.sampled_from((*LATER_MS, *BACK_MS)), data=st.data())
    def clock_leaps(self, step_ms: int, data: st.DataObject) -> None:
        if data.draw(st.booleans(), "really"):
            self.wait(step_ms)

    @rule(at_once=st.booleans())
    def tick(self, at_once: bool) -> None:
        """The service's timers: all deadlines pass, and a second tick does nothing."""
        due, _ = self.agency.store.deadlines(self.agency.now_ms, 100)
        ticks = [TickShift(shift_id) for shift_id in due]
        for part in [ticks] if at_once else [[tick] for tick in ticks]:
            self.agency.do(*part)
        assert self.agency.store.deadlines(self.agency.now_ms, 100)[0] == []
        journal = self.agency.journal()
        self.agency.do(*ticks)
        assert self.agency.journal() == journal

    def note(self, commands: list[Command], results: list[Result]) -> None:
        """The same message always gets the first answer, and who was told that they have a shift has it."""
        assert len(results) == len(commands)
        self.no_send_is_begun_twice(commands, results)
        for command, result in zip(commands, results, strict=True):
            if not isinstance(command, Inbound) or not isinstance(result, InboundResult):
                continue
            key = command.inbox_key
            if key in self.first_answers:
                assert result == self.first_answers[key]
                continue
            if key is not None:
                self.first_answers[key] = result
            if command is commands[-1] and result.status == "claimed":
                assert result.shift_id is not None
                view = self.agency.store.shift(result.shift_id)
                assert view is not None
                assert view.fanout.holder == result.caregiver_id

    def no_send_is_begun_twice(self, commands: list[Command], results: list[Result]) -> None:
        """Not in one batch, unless one of its commands let it wait again."""
        begun = [send.key for result in results if isinstance(result, Leased) for send in result.sends]
        if not any(isinstance(command, Reclaim | MarkFailed) for command in commands):
            assert len(set(begun)) == len(begun)

    # --- what is always true -------------------------------------------------------------------

    def entries(self) -> list[Entry]:
        return list(self.agency.store.events(0, 10**9))

    def sends(self, keys: set[str]) -> dict[str, Send]:
        return self.agency.store.read(ReadSet(sends=keys), self.agency.now_ms).sends

    @invariant()
    def the_journal_keeps_its_rules(self) -> None:
        assert violations(self.entries()) == []

    @invariant()
    def the_journal_tells_the_whole_state(self) -> None:
        states = {
            view.shift.id: fanout.planned(view.shift) for view in self.agency.store.list_shifts("", 100)
        }
        for entry in self.entries():
            if entry.shift_id is not None:
                states[entry.shift_id] = fanout.evolve(states[entry.shift_id], entry.event)
        for view in self.agency.store.list_shifts("", 100):
            assert view.fanout == states[view.shift.id]

    @invariant()
    def codes_tell_live_offers_apart(self) -> None:
        """A clock that is set back does not bring an old offer back to life."""
        live = Counter(
            (offer.caregiver_id, offer.code)
            for view in self.agency.store.list_shifts("", 100)
            for offer in view.offers
            if self.latest_ms < offer.until_ms
        )
        assert [offer for offer, times in live.items() if times > 1] == []

    @invariant()
    def nobody_holds_two_shifts_at_once(self) -> None:
        held = sorted(
            (view.fanout.holder, view.fanout.start_ms, view.fanout.end_ms)
            for view in self.agency.store.list_shifts("", 100)
            if view.fanout.holder is not None
        )
        for (one, _, until), (other, start, _) in pairwise(held):
            assert one != other or start >= until

    @invariant()
    def every_offer_has_its_send_and_none_waits_in_vain(self) -> None:
        generations: dict[str | None, int] = {}
        keys: set[str] = set()
        for entry in self.entries():
            match entry.event:
                case Released():
                    generations[entry.shift_id] = generations.get(entry.shift_id, 1) + 1
                case OffersMade(_, number, channel, asked):
                    where = f"{entry.shift_id}:{generations.get(entry.shift_id, 1)}:{number}:{channel}"
                    keys |= {f"{where}:{caregiver_id}" for caregiver_id in asked}
                case _:
                    pass
        sends = self.sends(keys)
        assert sends.keys() == keys
        states = {view.shift.id: view.fanout for view in self.agency.store.list_shifts("", 100)}
        for send in sends.values():
            assert send.shift_id is not None
            state = states[send.shift_id]
            if send.status == "waiting":
                assert (state.status, state.generation) == (Status.OPEN, send.generation), send.key

    @invariant()
    def every_winner_is_told_exactly_once(self) -> None:
        """One text confirms each claim."""
        entries = self.entries()
        shifts = {view.shift.id: view.shift for view in self.agency.store.list_shifts("", 100)}
        answers = self.sends({f"answer/{entry.seq}" for entry in entries}).values()
        silent: set[str] = set()
        for entry in entries:
            match entry.event:
                case Replied(caregiver_id=who, result="opted_out"):
                    silent.add(who)
                case Replied(caregiver_id=who, result="opted_in"):
                    silent.discard(who)
                case Claimed(caregiver_id=who, by="caregiver") if who not in silent:
                    assert entry.shift_id is not None
                    [send] = [answer for answer in answers if entry.seq in answer.confirms]
                    about = gsm7(times(shifts[entry.shift_id], "UTC"))
                    assert send.caregiver_id == who
                    confirmed = [part for part in send.text.split("Confirmed: ")[1:] if about in part]
                    assert len(confirmed) == 1, send.text
                case _:
                    pass


TestDesk = DeskMachine.TestCase
TestDesk.settings = settings(max_examples=80, stateful_step_count=40, deadline=None)


def _some_history(data: st.DataObject) -> Agency:
    agency = Agency(MemoryStore(), data.draw(st.sampled_from(POLICIES), "policy"))
    agency.do(
        *(StartFanout(shift_id) for shift_id in data.draw(st.sets(st.sampled_from(SHIFT_IDS)), "start"))
    )
    for _ in range(data.draw(st.integers(0, 10), "length")):
        agency.now_ms += data.draw(CLOCK_MS, "clock")
        agency.do(*data.draw(batches(agency), "history"))
    agency.now_ms += data.draw(CLOCK_MS, "clock")
    return agency


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_batching_is_invisible(data: st.DataObject) -> None:
    """Decided at once or one by one: the same results, journal and store.

    A lease comes first in its batch: it begins what waited before the batch, and its size is the batch's.
    """
    at_once = _some_history(data)
    others = together(at_once).filter(lambda command: not isinstance(command, Lease))
    batch = data.draw(st.lists(LEASE, max_size=1), "lease") + data.draw(
        st.lists(others, min_size=1, max_size=5), "batch"
    )
    assert_batching_is_invisible(at_once, *batch)


def assert_batching_is_invisible(at_once: Agency, *batch: Command) -> None:
    one_by_one = copy.deepcopy(at_once)
    expected = [result for command in batch for result in one_by_one.do(command)]
    assert at_once.do(*batch) == expected
    assert at_once.journal() == one_by_one.journal()
    assert vars(at_once.store) == vars(one_by_one.store)


def test_an_old_offer_that_the_batch_happens_to_read_keeps_no_code() -> None:
    agency = Agency(MemoryStore())
    agency.do(PutShift(shift("fri", "RN", 100)))
    agency.do(StartFanout("mon"))
    agency.now_ms += 25 * HOUR
    assert_batching_is_invisible(agency, TickShift("mon"), StartFanout("fri"))
    fri = agency.store.shift("fri")
    assert fri is not None
    assert {offer.code for offer in fri.offers} == {"B"}


def test_an_old_offer_that_the_batch_happens_to_read_is_not_meant() -> None:
    agency = Agency(MemoryStore())
    agency.do(AssignShift("mon", "dee"))
    agency.now_ms += 30 * HOUR
    dee = ROSTER[0].phone
    assert_batching_is_invisible(agency, inbound(dee, "2", "mon"), inbound(dee, "no B"))


def test_what_is_given_back_makes_room_within_the_batch() -> None:
    agency = Agency(MemoryStore())
    agency.do(StartFanout("mon"), StartFanout("late"), AssignShift("mon", "dee"))
    dee = ROSTER[0].phone
    assert_batching_is_invisible(agency, inbound(dee, "2", "mon"), inbound(dee, "1", "late"))
    late = agency.store.shift("late")
    assert late is not None
    assert late.fanout.holder == "dee"
