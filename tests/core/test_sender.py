"""The sender: what to lease, when to look again, and what a result means, with no I/O at all."""

import pytest

from core.commands import Lease, Leased, MarkFailed, MarkSent, Reclaim
from core.ports import CarrierError, Changes
from core.sender import LONGEST_WHY, PAUSE_MS, Sender
from core.sends import Limits, Send
from tests.core.agency import OWNER, outgoing

NOW = 1_000_000


def waiting(key: str, due_ms: int = NOW) -> Send:
    return Send(key, "ann", "sms", "notice", due_ms)


def changed(*sends: Send) -> Changes:
    return Changes(sends={send.key: send for send in sends})


def ready(most: int = 2) -> Sender:
    """A sender that has reclaimed what an earlier life left, and found nothing to do."""
    sender = Sender(OWNER, Limits(), most)
    assert sender.request() == Reclaim(OWNER)
    sender.reclaimed()
    sender.request()
    sender.leased(Leased((), {}, None))
    return sender


def leasing(*keys: str, most: int = 2) -> Sender:
    """A sender with these sends under way."""
    sender = ready(most)
    sender.request()
    assert sender.leased(Leased(tuple(map(outgoing, keys)), {}, None)) == tuple(map(outgoing, keys))
    return sender


def test_it_begins_with_what_an_earlier_life_had_leased():
    sender = Sender(OWNER, Limits(), 2)
    assert (sender.wake_ms, sender.request()) == (0, Reclaim(OWNER))
    sender.not_taken(NOW)
    assert (sender.wake_ms, sender.request()) == (NOW + PAUSE_MS, Reclaim(OWNER))
    sender.reclaimed()
    assert isinstance(sender.request(), Lease)


def test_a_lease_names_its_owner_the_room_there_is_and_what_is_under_way():
    asked = leasing("a", most=3).request()
    assert isinstance(asked, Lease)
    assert (asked.owner, asked.most, asked.under_way) == (OWNER, 2, frozenset({"a"}))


def test_with_no_room_nothing_is_asked_for_until_a_send_has_ended():
    sender = leasing("a", "b")
    assert (sender.request(), sender.wake_ms) == (None, None)
    sender.on_commit(changed(waiting("a").ended("sent")))
    assert sender.wake_ms == 0
    assert isinstance(sender.request(), Lease)


def test_a_new_send_wakes_it_when_it_is_due_and_the_carrier_is_free():
    sender = ready()
    sender.request()
    sender.leased(Leased((), {"sms": NOW + 700}, None))
    sender.on_commit(changed(waiting("a")))
    assert sender.wake_ms == NOW + 700
    sender.on_commit(changed(Send("b", "ann", "voice", "offer", NOW + 300)))
    assert sender.wake_ms == NOW + 300


def test_a_send_that_is_made_while_a_lease_is_being_decided_is_not_forgotten():
    sender = ready()
    sender.request()
    sender.on_commit(changed(waiting("a")))
    sender.leased(Leased((), {"sms": NOW + 700}, NOW + 60_000))
    assert sender.wake_ms == NOW + 700


def test_a_request_that_the_ledger_does_not_take_is_made_again_after_a_pause():
    sender = ready()
    sender.request()
    sender.not_taken(NOW)
    assert sender.wake_ms == NOW + PAUSE_MS
    assert isinstance(sender.request(), Lease)


def test_a_send_whose_mark_no_commit_told_of_makes_room_and_may_be_leased_again():
    sender = leasing("a", "b")
    assert sender.request() is None
    sender.ended("a")
    assert sender.wake_ms == 0
    sender.ended("b")
    asked = sender.request()
    assert isinstance(asked, Lease)
    assert asked.under_way == frozenset()


def test_a_send_that_waits_for_a_retry_is_not_under_way():
    sender = leasing("a")
    sender.on_commit(changed(waiting("a", NOW + 4_000)))
    assert (sender.under_way, sender.wake_ms) == (set(), NOW + 4_000)


def test_what_the_carrier_took_is_marked_with_the_carriers_id():
    assert ready().mark(outgoing("a"), "SM1", 0.5) == MarkSent("a", 1, "SM1")
    assert ready().mark(outgoing("a"), None, 0.5) == MarkSent("a", 1)


@pytest.mark.parametrize(
    ("trouble", "permanent"),
    [
        ("temporary", False),
        ("unknown", False),
        ("permanent", True),
        ("opted_out", True),
        ("bad_number", True),
    ],
)
def test_only_some_trouble_is_worth_another_attempt(trouble, permanent):
    mark = ready().mark(outgoing("a"), CarrierError("x" * 999, trouble), 0.5)
    assert mark == MarkFailed("a", 1, "x" * LONGEST_WHY, permanent, 0.5, trouble == "unknown")


def test_a_clock_that_is_set_back_delays_nothing_by_more_than_an_interval():
    sender = ready()
    sender.request()
    sender.leased(Leased((), {"sms": NOW + 3_600_000}, None))
    sender.on_commit(changed(waiting("a")))
    assert sender.wake_ms == NOW + 1_000


def test_after_a_commit_in_doubt_it_looks_after_a_pause():
    sender = ready()
    assert sender.wake_ms is None
    sender.doubted(NOW)
    assert sender.wake_ms == NOW + PAUSE_MS


def test_what_ends_while_a_lease_is_asked_for_wakes_it_although_the_lease_finds_nothing():
    sender = ready()
    sender.request()
    sender.leased(Leased((outgoing("a"),), {}, None))
    sender.request()
    sender.ended("a")  # its mark is in doubt, but was written: "a" waits for a retry
    sender.leased(Leased((), {}, None))
    assert sender.wake_ms == 0


def test_what_a_carrier_says_is_kept_without_characters_that_no_journal_can_hold():
    taken = ready().mark(outgoing("a"), "SM\udcff1", 0.5)
    refused = ready().mark(outgoing("a"), CarrierError("no such caf\udce9"), 0.5)
    assert taken == MarkSent("a", 1, "SM?1")
    assert refused == MarkFailed("a", 1, "no such caf?", False, 0.5)
