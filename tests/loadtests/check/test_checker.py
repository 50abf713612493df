"""Every kind of violation is found, and a correct service is never accused."""

from collections.abc import Iterator, Sequence

import pytest

from core.events import Cancelled, Claimed, Event, Released, SendFailed
from loadtests.check.checker import check
from loadtests.check.history import MISDIRECTED, History, Request
from loadtests.check.store import StoreState
from tests.loadtests.check.builders import (
    answer_text,
    claim,
    fanout_started,
    history,
    lost,
    read,
    released,
    request,
    store,
    won,
)

ANN_WINS = claim("ann", 0, 9, "claimed")
BOB_LOSES = claim("bob", 1, 12, "already_claimed")


def one_violation(verdict_of: History, of: StoreState | None, text: str) -> None:
    verdict = check(verdict_of, of)
    assert verdict.word == "violation"
    assert text in " ".join(verdict.violations)
    assert verdict.exit_code == 1


# --- answers -------------------------------------------------------------------------------------

SOUND: dict[str, Sequence[Request]] = {
    "one wins, the others are told": [ANN_WINS, BOB_LOSES, claim("eve", 2, 30, "already_claimed")],
    "the winner asks again": [ANN_WINS, claim("ann", 20, 30, "already_yours")],
    "a loser is answered before the winner": [
        claim("ann", 0, 50, "claimed"), claim("bob", 1, 2, "already_claimed"),
    ],
    "open before, filled after": [read(0, 5, None), ANN_WINS, read(3, 20, "ann")],
    "a read overlaps the win": [ANN_WINS, read(8, 20, None), claim("bob", 30, 40, "already_claimed")],
    "the outcome of the winning claim is unknown": [
        claim("ann", 0, None, 0), claim("bob", 1, 9, "already_claimed"), read(10, 11, "ann"),
    ],
    "an unanswered claim never happened": [claim("bob", 0, None, 500), claim("ann", 20, 30, "claimed")],
    "a refusal by 503 says nothing about the shift": [claim("bob", 0, 1, 503), claim("ann", 2, 3, "claimed")],
    "the same message gets the same answer": [
        claim("ann", 0, None, 0, message="m"), claim("ann", 5, 9, "claimed", message="m"),
        claim("ann", 20, 30, "claimed", message="m"), BOB_LOSES,
    ],
    "given back and taken by another": [
        ANN_WINS, request("decline", "ann", 20, 30, "released"), claim("bob", 31, 40, "claimed"),
    ],
    "taken back by a coordinator": [
        ANN_WINS, request("release", None, 20, 30, "released", holder="ann"), claim("bob", 25, 40, "claimed"),
    ],
    "a release with an unknown outcome explains a second winner": [
        ANN_WINS, request("release", None, 20, None, 0), claim("bob", 30, 40, "claimed"),
    ],
    "a decline from somebody who does not hold it": [request("decline", "bob", 0, 9, "declined"), ANN_WINS],
}  # fmt: skip


@pytest.mark.parametrize("requests", SOUND.values(), ids=SOUND)
def test_a_correct_service_is_not_accused(requests: Sequence[Request]) -> None:
    assert check(history(*requests)).violations == []


PLANTED: dict[str, tuple[Sequence[Request], str]] = {
    "two are told that it is theirs": ([ANN_WINS, claim("bob", 1, 9, "claimed")], "two claims won"),
    "one is told twice": ([ANN_WINS, claim("ann", 20, 30, "claimed")], "two claims won"),
    "somebody else holds it": ([ANN_WINS, read(20, 30, "bob")], "two caregivers hold it"),
    "another caregiver is told that it is already theirs": (
        [ANN_WINS, claim("bob", 20, 30, "already_yours")], "two caregivers hold it",
    ),
    "it is open after it was won": ([ANN_WINS, read(20, 30, None)], "free or unclaimed later"),
    "refused before anybody claimed it": (
        [claim("bob", 0, 5, "already_claimed"), claim("ann", 6, 9, "claimed")], "free or unclaimed later",
    ),
    "refused, and nobody has claimed it": ([BOB_LOSES], "nobody can have held it"),
    "filled without a claim": ([read(0, 5, "ann")], "never claimed it"),
    "the winner is refused": ([ANN_WINS, claim("ann", 20, 30, "already_claimed")], "the winner was refused"),
    "the same message gets another answer": (
        [claim("ann", 0, 9, "already_claimed", message="m"), claim("ann", 20, 30, "claimed", message="m")],
        "was answered 'already_claimed', and when it was posted again 'claimed'",
    ),
    "claimed again before it was given back": (
        [ANN_WINS, claim("bob", 10, 19, "claimed"), request("decline", "ann", 20, 30, "released")],
        "no order of its operations",
    ),
    "given back by somebody who never held it": ([request("decline", "bob", 0, 9, "released")], "no order"),
    "filled after it was given back": (
        [ANN_WINS, request("decline", "ann", 20, 30, "released"), read(40, 50, "ann")], "no order",
    ),
    "nobody gets it": ([request("claim", "ann", 0, 9, "help")], "it was claimed, but nobody got it"),
    "an eligible caregiver is refused as not eligible": (
        [claim("bob", 0, 9, "not_eligible"), ANN_WINS], "refused as not_eligible, which is not true",
    ),
    "refused as double booked": (
        [ANN_WINS, claim("bob", 0, 9, "double_booked")], "refused as double_booked, which is not true",
    ),
    "a claim is answered as if the shift had not been offered": (
        [ANN_WINS, claim("bob", 0, 9, "no_open_offer")], "was told that there is no offer",
    ),
    "the answer names another caregiver": ([ANN_WINS, claim("bob", 0, 9, MISDIRECTED)], "names another"),
    "open, but somebody holds it": (
        [ANN_WINS, request("read", None, 20, 30, "open", holder="ann")],
        "says that it is open, and that ann holds it",
    ),
    "filled, but nobody holds it": (
        [ANN_WINS, request("read", None, 20, 30, "filled")], "says that it is filled, and that nobody holds",
    ),
    "a decline by the holder does not give it back": (
        [ANN_WINS, request("decline", "ann", 20, 30, "declined"), claim("bob", 40, 50, "already_claimed")],
        "free or unclaimed later",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("requests", "text"), PLANTED.values(), ids=PLANTED)
def test_a_violation_in_the_answers_is_found(requests: Sequence[Request], text: str) -> None:
    one_violation(history(*requests), None, text)


def test_a_violation_names_who_and_when() -> None:
    (sentence,) = check(history(ANN_WINS, claim("bob", 1_000_000, 2_500_000, "claimed"))).violations
    assert "claim by bob at 1.000 ms, claimed at 2.500 ms" in sentence


# --- the store -----------------------------------------------------------------------------------


def test_a_store_that_agrees_is_sound() -> None:
    state = store(*fanout_started(), *won("ann", 4), *lost("bob"), holder="ann")
    verdict = check(history(ANN_WINS, BOB_LOSES), state)
    assert (verdict.word, verdict.exit_code) == ("sound", 0)


def broken_stores() -> Iterator[tuple[str, StoreState, str]]:
    ann = [*fanout_started(), *won("ann", 4), *lost("bob")]
    yield "the store has somebody else", store(*ann, holder="bob"), "the store says that bob holds it"
    yield "the store has nobody", store(*ann, holder=None), "the store says that nobody holds it"
    yield (
        "the store contradicts its journal", store(*fanout_started(), *won("bob", 4), holder="ann"),
        "the journal says bob holds it, the store ann",
    )  # fmt: skip
    yield (
        "the claim is missing from the journal", store(*fanout_started(), holder="ann"),
        "ann was told that it is theirs, but the journal has no such claim",
    )  # fmt: skip
    yield (
        "the journal lost a version", store(*ann, holder="ann", versions=[1, 2, 4, 5, 6, 7, 8]),
        "has version 4 where 3 should be",
    )  # fmt: skip
    yield (
        "the journal has one version twice", store(*ann, holder="ann", versions=[1, 2, 2, 3, 4, 5, 6]),
        "has version 2 where 3 should be",
    )  # fmt: skip
    yield (
        "the journal gives it to a second caregiver", store(*ann, *won("bob", 9), holder="bob"),
        "in the journal bob gets it while ann holds it",
    )  # fmt: skip
    yield (
        "the journal has a claim that was not answered",
        store(*ann, Released(1, "ann", "caregiver"), *won("bob", 10), holder="bob"),
        "the journal has a claim by bob, who was not told that it won",
    )  # fmt: skip
    yield (
        "the confirmation is sent twice",
        store(*fanout_started(), *won("ann", 4, ["ann", "ann"]), *lost("bob"), holder="ann"),
        "ann was sent answer/4 twice",
    )  # fmt: skip
    yield (
        "somebody else gets the confirmation",
        store(*fanout_started(), *won("ann", 4, ["bob"]), *lost("bob"), holder="ann"),
        "bob was sent answer/4, which confirms what is not a claim of theirs",
    )
    yield (
        "a refusal is confirmed as a claim",
        store(*ann, *answer_text("bob", "answer/8", 7), holder="ann"),
        "bob was sent answer/8, which confirms what is not a claim of theirs",
    )
    yield (
        "a claim that does not exist is confirmed",
        store(*ann, *answer_text("bob", "answer/7", 99), holder="ann"),
        "bob was sent answer/7, which confirms what is not a claim of theirs",
    )
    yield (
        "a second text confirms the same claim",
        store(*ann, *answer_text("ann", "answer/7", 4), holder="ann"),
        "ann was sent answer/7, though answer/4 had told them",
    )
    yield (
        "one message is in the journal twice", store(*ann, *lost("bob"), holder="ann"),
        "the journal has 2 messages from bob instead of 1",
    )  # fmt: skip
    yield (
        "a message is missing from the journal", store(*fanout_started(), *won("ann", 4), holder="ann"),
        "the journal has 0 messages from bob instead of 1",
    )  # fmt: skip
    yield (
        "the journal as a whole is broken",
        store(*ann, holder="ann")._replace(broken=["seq 9: a rule"]), "seq 9: a rule",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("state", "text"),
    [(state, text) for _, state, text in broken_stores()],
    ids=[name for name, _, _ in broken_stores()],
)
def test_a_violation_in_the_store_is_found(state: StoreState, text: str) -> None:
    one_violation(history(ANN_WINS, BOB_LOSES), state, text)


def test_the_store_settles_a_claim_with_an_unknown_outcome() -> None:
    unknown = history(claim("ann", 0, None, 0), claim("bob", 1, 9, "already_claimed"))
    assert (
        check(unknown, store(*fanout_started(), *won("ann", 4), *lost("bob"), holder="ann")).word == "sound"
    )
    broken = store(*fanout_started(), *won("bob", 4), holder="bob")
    one_violation(unknown, broken, "bob, who was not told that it won")


# --- when nothing can be concluded ---------------------------------------------------------------


def doubts(verdict_of: History, of: StoreState | None = None, bound: int = 1000) -> str:
    verdict = check(verdict_of, of, bound)
    assert (verdict.word, verdict.exit_code) == ("inconclusive", 2)
    return " ".join(verdict.doubts)


def test_users_who_never_started_leave_a_doubt() -> None:
    assert "48 of 50 users started" in doubts(history(ANN_WINS, asked=50, started=48))


def test_a_run_that_was_stopped_proves_nothing() -> None:
    assert "stopped before its end" in doubts(history(ANN_WINS, finished=False))


def test_a_server_that_never_answered_proves_nothing() -> None:
    assert "was the server running?" in doubts(history(claim("ann", 0, None, 0)))


def test_messages_that_were_never_answered_leave_a_doubt() -> None:
    assert "1 messages were never answered" in doubts(history(ANN_WINS, claim("bob", 1, None, 0)))


def test_requests_rejected_as_invalid_leave_a_doubt() -> None:
    assert "1 requests were answered 404" in doubts(history(ANN_WINS, claim("bob", 1, 2, 404)))


def test_a_shift_unknown_to_the_store_leaves_a_doubt() -> None:
    assert "does not know the shift" in doubts(history(ANN_WINS), StoreState({}, {}))


def test_a_confirmation_that_has_not_gone_out_leaves_a_doubt() -> None:
    waiting = store(*fanout_started(), *won("ann", 4)[:2], holder="ann")
    assert "1 confirmations have not gone out yet" in doubts(history(ANN_WINS), waiting)


def test_a_confirmation_that_failed_leaves_a_doubt() -> None:
    failed = SendFailed(1, "answer/4", "ann", "no such number", True)
    state = store(*fanout_started(), *won("ann", 4)[:3], failed, holder="ann")
    assert "1 confirmations could not be sent" in doubts(history(ANN_WINS), state)


def test_a_shift_that_somebody_else_canceled_leaves_a_doubt() -> None:
    canceled = store(*fanout_started(), *won("ann", 4), Cancelled(1), holder=None)
    assert "changed by somebody who is not in the history" in doubts(history(ANN_WINS), canceled)
    assert "did somebody cancel it?" in doubts(history(ANN_WINS, claim("bob", 20, 30, "closed")))


def test_a_release_that_is_not_in_the_history_leaves_a_doubt() -> None:
    taken = store(*fanout_started(), *won("ann", 4), *released("ann"), holder=None)
    assert "changed by somebody who is not in the history" in doubts(history(ANN_WINS), taken)


def test_a_search_that_gives_up_leaves_a_doubt() -> None:
    """The outcome of these requests is unknown, and none of them explains the last answer."""
    many = [claim(f"c{number}", 0, None, 0) for number in range(9)]
    releases = [request("release", None, 0, None, 0) for _ in range(9)]
    assert "no result after 1,000 configurations" in doubts(
        history(ANN_WINS, *many, *releases, read(20, 30, "zoe"))
    )


def test_a_violation_outweighs_a_doubt() -> None:
    verdict = check(history(ANN_WINS, claim("bob", 1, 2, "claimed"), asked=2, started=1))
    assert (verdict.word, len(verdict.doubts)) == ("violation", 1)


def test_a_coordinator_who_comes_too_late_is_no_reason_for_doubt() -> None:
    assert check(history(ANN_WINS, request("fanout", None, 20, 30, 409))).word == "sound"


def test_only_the_first_of_many_violations_are_shown() -> None:
    events: list[Event] = [Claimed(1, f"c{number}") for number in range(100)]
    verdict = check(history(ANN_WINS), store(*events, holder="ann"))
    assert len(verdict.violations) == 21
    assert "more like these" in verdict.violations[-1]
