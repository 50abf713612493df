"""An agency whose call-outs share caregivers and a carrier with a pace, decided by production's desk."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np
import pytest

from core.events import (
    CallAnswered,
    CallUnanswered,
    Claimed,
    Entry,
    Event,
    Expired,
    FanoutStarted,
    OffersMade,
    Replied,
    SendStarted,
    Sent,
)
from core.invariants import violations
from core.model import Channel, Policy, Round
from sim.draws import NEVER, Block, draw
from sim.engines import independent
from sim.engines.agency import CallOut, Replication, call_outs, play, roster, simulate
from sim.scenario import BEGIN_MS, HOUR_MS, CallOuts, Role, Scenario, delay_policy, load

SECOND, MINUTE = 1_000, 60_000
TEN_MINUTES = delay_policy(10 * MINUTE)
TEXTS = Policy(rounds=(Round(after_s=0, channel="sms"),))
CALLS = Policy(rounds=(Round(after_s=0, channel="voice"),))
WAVES = Policy(
    rounds=(
        Round(after_s=0, channel="sms", limit=5),
        Round(after_s=120, channel="sms", limit=5),
        Round(after_s=300, channel="voice", limit=2),
        Round(after_s=480, channel="voice"),
    ),
    answer_window_s=300,
)
BACKWARDS = Policy(
    rounds=(
        Round(after_s=0, channel="voice", limit=3),
        Round(after_s=5, channel="sms"),
        Round(after_s=30, channel="voice"),
    )
)


def agency(people: int) -> Scenario:
    """One role, and otherwise the defaults: 1 text and 1 call a second."""
    return Scenario(roles=(Role(name="RN", caregivers=people),))


def busy() -> Scenario:
    """So many call-outs that they get in each other's way."""
    many = CallOuts(per_day=150, lead_s=4 * 3600)
    return load("default", ["sms.accept_probability=0.2"]).model_copy(update={"call_outs": many})


def call_out(
    people: int,
    number: int = 0,
    at_ms: int = 0,
    texts: Mapping[int, tuple[int, bool]] | None = None,
    calls: Mapping[int, bool] | None = None,
) -> CallOut:
    """`texts`: who replies after how many ms, and whether with a yes; `calls`: who answers, with a yes."""
    texts, calls = texts or {}, calls or {}
    places = range(people)
    return CallOut(
        number=number,
        at_ms=BEGIN_MS + at_ms,
        role=0,
        reply_ms=[texts[place][0] if place in texts else int(NEVER) for place in places],
        accepts_text=[place in texts and texts[place][1] for place in places],
        answers=[place in calls for place in places],
        accepts_call=[calls.get(place, False) for place in places],
    )


def events(played: Replication, *kinds: type[Event]) -> list[tuple[int, Event]]:
    """What happened of these kinds, and when, in ms from the beginning."""
    found = [entry.event for entry in played.entries if isinstance(entry.event, kinds)]
    return [(event.at_ms - BEGIN_MS, event) for event in found]


def starts(played: Replication, channel: Channel) -> list[int]:
    """When texts or calls began."""
    return [at for at, event in events(played, SendStarted) if getattr(event, "channel", "") == channel]


def of_shift(played: Replication, number: int) -> list[Entry]:
    return [entry for entry in played.entries if entry.shift_id == f"shift-{number + 1:06}"]


# --- production's rules --------------------------------------------------------------------------


@pytest.mark.parametrize("policy", [TEN_MINUTES, WAVES, BACKWARDS], ids=["delay", "waves", "backwards"])
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(
    "scenario",
    [busy(), load("small_roster"), load("default").model_copy(update={"pace": load("textbook").pace})],
    ids=["busy", "small", "no pace"],
)
def test_the_journal_keeps_the_rules_of_production(scenario: Scenario, policy: Policy, seed: int) -> None:
    played = simulate(scenario, policy, seed, replication=0, days=1, journal=True)
    assert violations(played.entries) == []
    ends = Counter(event.kind for _, event in events(played, FanoutStarted, Claimed, Expired))
    assert ends["fanout_started"] == ends["claimed"] + ends["expired"] == len(played.outcomes.fill_ms)


def test_every_send_that_began_is_marked_in_the_end() -> None:
    played = simulate(busy(), TEN_MINUTES, seed=1, replication=0, days=1, journal=True)
    began = {event.key: at for at, event in events(played, SendStarted) if isinstance(event, SendStarted)}
    sent = {event.key: at for at, event in events(played, Sent) if isinstance(event, Sent)}
    assert len(began) > 1_000
    assert began.keys() == sent.keys()
    assert max(sent[key] - began[key] for key in began) <= 30 * SECOND


def test_the_outcomes_are_those_of_the_journal() -> None:
    played = simulate(busy(), WAVES, seed=3, replication=0, days=1, journal=True)
    for number, (fill_ms, winner, texts, calls, disturbed) in enumerate(
        zip(*(getattr(played.outcomes, name).tolist() for name in _NAMES), strict=True)
    ):
        story = [entry.event for entry in of_shift(played, number)]
        offers = [event for event in story if isinstance(event, SendStarted) and event.purpose == "offer"]
        channels = Counter(event.channel for event in offers)
        assert (channels["sms"], channels["voice"]) == (texts, calls)
        assert len({event.caregiver_id for event in offers}) == disturbed
        claimed = [event for event in story if isinstance(event, Claimed)]
        assert [event.at_ms - story[0].at_ms for event in claimed] == (
            [fill_ms] if fill_ms < int(NEVER) else []
        )
        assert [int(event.caregiver_id[-2:]) - 1 for event in claimed] == ([winner] if winner >= 0 else [])


_NAMES = ("fill_ms", "winner", "texts", "calls", "disturbed")


# --- chance --------------------------------------------------------------------------------------


def test_the_same_seed_tells_the_same_story_byte_for_byte() -> None:
    def story(seed: int, replication: int) -> list[str]:
        played = simulate(load("default"), TEN_MINUTES, seed, replication, days=2, journal=True)
        return [entry.line() for entry in played.entries]

    assert story(1, 0) == story(1, 0)
    assert story(1, 0) != story(1, 1) != story(2, 1)


def test_a_journal_changes_nothing_and_costs_memory_only_if_wanted() -> None:
    told, untold = (
        simulate(load("default"), TEN_MINUTES, seed=1, replication=0, days=2, journal=journal)
        for journal in (True, False)
    )
    assert untold.entries == ()
    _assert_same(told, untold)


def test_call_outs_do_not_depend_on_the_policy() -> None:
    stories = [
        simulate(load("default"), policy, seed=1, replication=4, days=3, journal=True)
        for policy in (TEN_MINUTES, WAVES)
    ]
    begun = [
        [(at, event.role) for at, event in events(story, FanoutStarted) if isinstance(event, FanoutStarted)]
        for story in stories
    ]
    assert begun[0] == begun[1]
    assert len(begun[0]) > 10


def test_call_outs_follow_the_hours_of_the_day() -> None:
    mornings = tuple(1.0 if hour == 6 else 3.0 if hour == 7 else 0.0 for hour in range(24))
    scenario = Scenario(call_outs=CallOuts(per_day=100, by_hour=mornings))
    found = list(call_outs(scenario, seed=1, replication=0, days=30))
    hours = Counter((call.at_ms - BEGIN_MS) // HOUR_MS % 24 for call in found)
    assert hours.keys() == {6, 7}
    assert hours[6] + hours[7] == pytest.approx(3_000, abs=200)
    assert hours[7] / hours[6] == pytest.approx(3, abs=0.4)
    roles = Counter(call.role for call in found)
    assert [roles[role] / len(found) for role in range(3)] == pytest.approx([0.5, 0.3, 0.2], abs=0.04)
    assert [call.at_ms for call in found] == sorted(call.at_ms for call in found)


def test_who_never_replies_never_replies() -> None:
    scenario = load("default", ["sms.never_reply_share=0.5", "sms.reply_probability=1"])
    replies = defaultdict[tuple[int, int], set[bool]](set)
    for call in call_outs(scenario, seed=1, replication=0, days=10):
        for place in range(scenario.roles[call.role].caregivers):
            replies[call.role, place].add(call.reply_ms[place] < NEVER)
    assert {frozenset(each) for each in replies.values()} == {frozenset([True]), frozenset([False])}
    assert sum(True in each for each in replies.values()) == pytest.approx(30, abs=12)


# --- the pace ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("policy", "channel"), [(TEXTS, "sms"), (CALLS, "voice")])
def test_twenty_at_one_a_second_take_twenty_seconds(policy: Policy, channel: Channel) -> None:
    played = play(agency(20), policy, [call_out(20)], journal=True)
    assert starts(played, channel) == [second * SECOND for second in range(20)]


def test_without_a_pace_all_begin_at_once() -> None:
    played = play(agency(20).made_independent(), TEN_MINUTES, [call_out(20)], journal=True)
    assert starts(played, "sms") == [0] * 20
    assert starts(played, "voice") == [10 * MINUTE] * 20


def test_two_call_outs_at_once_share_the_pace() -> None:
    played = play(agency(10), TEXTS, [call_out(10, 0), call_out(10, 1)], journal=True)
    assert starts(played, "sms") == [second * SECOND for second in range(20)]


def test_an_answer_goes_out_before_the_offers_that_wait() -> None:
    played = play(agency(20), TEXTS, [call_out(20, texts={0: (4_500, False)})], journal=True)
    sends = [event.key for _, event in events(played, SendStarted) if isinstance(event, SendStarted)]
    assert [number for number, key in enumerate(sends) if key.startswith("answer/")] == [5]
    assert starts(played, "sms") == [second * SECOND for second in range(21)]


def test_the_carrier_is_never_rushed() -> None:
    played = simulate(busy(), TEN_MINUTES, seed=1, replication=0, days=1, journal=True)
    for channel in ("sms", "voice"):
        at = starts(played, channel)
        assert min(later - earlier for earlier, later in pairwise(at)) >= SECOND
    calls = defaultdict[str, list[int]](list)
    for at_ms, event in events(played, SendStarted):
        if isinstance(event, SendStarted) and event.channel == "voice":
            calls[event.caregiver_id].append(at_ms)
    assert all(later - earlier >= MINUTE for at in calls.values() for earlier, later in pairwise(at))


def test_what_has_been_claimed_is_not_offered_any_more() -> None:
    played = play(agency(20), TEXTS, [call_out(20, texts={0: (5_500, True)})], journal=True)
    assert played.outcomes.texts.tolist() == [6]
    assert played.outcomes.fill_ms.tolist() == [5_500]
    assert played.outcomes.winner.tolist() == [0]


# --- people --------------------------------------------------------------------------------------


def test_who_holds_a_shift_is_not_asked_for_one_that_overlaps() -> None:
    first = call_out(5, 0, texts={2: (MINUTE, True)})
    second = call_out(5, 1, at_ms=HOUR_MS)
    long_after = call_out(5, 2, at_ms=12 * HOUR_MS)
    played = play(agency(5), TEXTS, [first, second, long_after], journal=True)
    asked = [event.caregiver_ids for _, event in events(played, OffersMade) if isinstance(event, OffersMade)]
    everyone = ("RN-01", "RN-02", "RN-03", "RN-04", "RN-05")
    assert asked == [everyone, ("RN-01", "RN-02", "RN-04", "RN-05"), everyone]
    assert played.outcomes.texts.tolist() == [5, 4, 5]


def test_a_reply_says_which_of_two_shifts_is_meant() -> None:
    first = call_out(2, 0, texts={1: (40 * MINUTE, True)})
    second = call_out(2, 1, at_ms=MINUTE, texts={1: (10 * MINUTE, False)})
    played = play(agency(2), TEXTS, [first, second], journal=True)
    assert played.outcomes.winner.tolist() == [1, -1]
    assert played.outcomes.fill_ms[0] == 40 * MINUTE + SECOND  # the second text goes out a second later


@pytest.mark.parametrize("reply_ms", [600_000, 620_000])
def test_who_has_replied_in_time_does_not_pick_up(reply_ms: int) -> None:
    """A reply in the millisecond of the pick-up came first."""
    call = call_out(1, texts={0: (reply_ms, True)}, calls={0: False})
    played = play(agency(1), TEN_MINUTES, [call], journal=True)
    assert played.outcomes.fill_ms.tolist() == [reply_ms]
    assert events(played, CallAnswered) == []
    rang_out = [at for at, _ in events(played, CallUnanswered)]
    assert rang_out == ([630_000] if reply_ms > 600_000 else [])


def test_who_picks_up_never_replies_to_the_text() -> None:
    call = call_out(1, texts={0: (620_001, True)}, calls={0: False})
    played = play(agency(1), TEN_MINUTES, [call], journal=True)
    answers = [(at, event.result) for at, event in events(played, Replied) if isinstance(event, Replied)]
    assert answers == [(620_000, "declined")]
    assert [at for at, _ in events(played, CallAnswered)] == [620_000]


def test_who_is_texted_while_the_phone_rings_does_not_reply_after_picking_up() -> None:
    call = call_out(4, texts={0: (MINUTE, True)}, calls={0: False})
    played = play(agency(4), BACKWARDS, [call], journal=True)
    answers = [(at, event.result) for at, event in events(played, Replied) if isinstance(event, Replied)]
    assert answers == [(20_000, "declined")]


def test_who_does_not_pick_up_may_still_reply() -> None:
    call = call_out(1, texts={0: (700_000, True)})
    played = play(agency(1), TEN_MINUTES, [call], journal=True)
    assert played.outcomes.fill_ms.tolist() == [700_000]
    assert [at for at, _ in events(played, CallUnanswered)] == [630_000]


def test_a_further_text_does_not_make_another_reply() -> None:
    twice = Policy(rounds=(Round(after_s=0, channel="sms"), Round(after_s=60, channel="sms")))
    played = play(agency(2), twice, [call_out(2, texts={0: (3 * MINUTE, True)})], journal=True)
    assert played.outcomes.texts.tolist() == [4]
    assert played.outcomes.disturbed.tolist() == [2]
    assert played.outcomes.fill_ms.tolist() == [3 * MINUTE]
    assert len(events(played, Replied)) == 1


@pytest.mark.parametrize("policy", [TEN_MINUTES, WAVES, BACKWARDS])
def test_nobody_answers_both_by_text_and_by_phone(policy: Policy) -> None:
    played = simulate(busy(), policy, seed=5, replication=0, days=1, journal=True)
    answers = Counter(
        (entry.shift_id, entry.event.caregiver_id)
        for entry in played.entries
        if isinstance(entry.event, Replied)
    )
    assert len(answers) > 300
    assert set(answers.values()) == {1}


def test_role_names_need_not_be_ids() -> None:
    scenario = Scenario(
        roles=(Role(name="night nurse: ward/3", caregivers=2), Role(name="LPN", caregivers=1))
    )
    people = [[person.id for person in role] for role in roster(scenario)]
    assert people == [["night-nurse-ward-3-01", "night-nurse-ward-3-02"], ["LPN-01"]]
    same = Scenario(roles=(Role(name="a b", caregivers=1), Role(name="a/b", caregivers=1)))
    assert [[person.id for person in role] for role in roster(same)] == [["a-b-1-01"], ["a-b-2-01"]]
    played = simulate(scenario, TEN_MINUTES, seed=1, replication=0, days=1, journal=True)
    assert violations(played.entries) == []


# --- the whole -----------------------------------------------------------------------------------


CALLS_FIRST = Policy(
    rounds=(
        Round(after_s=0, channel="voice"),
        Round(after_s=10, channel="sms"),
        Round(after_s=300, channel="voice"),
    )
)


@pytest.mark.parametrize(
    "policy",
    [delay_policy(0), TEN_MINUTES, WAVES, CALLS_FIRST],
    ids=["at once", "delay", "waves", "calls first"],
)
def test_far_apart_and_without_a_pace_shifts_are_independent(
    policy: Policy,
) -> None:
    scenario, shifts = load("default").made_independent(), range(150)
    block = draw(scenario, 1, 0)
    alone = independent.simulate(scenario, policy, block, shifts)
    _assert_same(play(scenario, policy, _far_apart(scenario, block, shifts)), Replication(alone, ()))


def _far_apart(scenario: Scenario, block: Block, shifts: Sequence[int]) -> Iterator[CallOut]:
    for number in shifts:
        at_ms = BEGIN_MS + number * (scenario.open_ms + 24 * HOUR_MS)
        people = (block.reply_ms, block.accepts_text, block.answers, block.accepts_call)
        yield CallOut(number, at_ms, int(block.role[number]), *(each[:, number].tolist() for each in people))


def _assert_same(one: Replication, other: Replication) -> None:
    for name in _NAMES:
        np.testing.assert_array_equal(getattr(one.outcomes, name), getattr(other.outcomes, name), name)


def test_the_default_agency_fills_about_77_percent() -> None:
    played = [simulate(load("default"), TEN_MINUTES, 1, replication, days=28) for replication in range(3)]
    winners = np.concatenate([each.outcomes.winner for each in played])
    assert np.mean(winners >= 0) == pytest.approx(0.77, abs=0.04)
