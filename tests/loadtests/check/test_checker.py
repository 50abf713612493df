"""Every kind of violation is found, and a correct service is never accused."""

from collections.abc import Iterator, Sequence

import pytest

from core.events import Cancelled, Claimed, Event, Released, SendFailed, Sent
from loadtests.check.checker import StoreState, check
from loadtests.check.history import MISDIRECTED, History, Operation
from tests.loadtests.check.stories import asked, claim, history, lost, read, released, started, store, won

ANN_WINS = claim("ann", 0, 9, "claimed")
BOB_LOSES = claim("bob", 1, 12, "already_claimed")


def one_violation(verdict_of: History, of: StoreState | None, text: str) -> None:
    verdict = check(verdict_of, of)
    assert verdict.word == "violation"
    assert text in " ".join(verdict.violations)
    assert verdict.exit_code == 1


# --- answers -------------------------------------------------------------------------------------

SOUND: dict[str, Sequence[Operation]] = {
    "one wins, the others hear it": [ANN_WINS, BOB_LOSES, claim("eve", 2, 30, "already_claimed")],
    "the winner asks again": [ANN_WINS, claim("ann", 20, 30, "already_yours")],
    "a loser hears before the winner does": [
        claim("ann", 0, 50, "claimed"), claim("bob", 1, 2, "already_claimed"),
    ],
    "open before, filled after": [read(0, 5, None), ANN_WINS, read(3, 20, "ann")],
    "a read overlaps the win": [ANN_WINS, read(8, 20, None), claim("bob", 30, 40, "already_claimed")],
    "nobody knows what became of the winning claim": [
        claim("ann", 0, None, 0), claim("bob", 1, 9, "already_claimed"), read(10, 11, "ann"),
    ],
    "an unknown claim that never happened": [claim("bob", 0, None, 500), claim("ann", 20, 30, "claimed")],
    "a refusal by 503 says nothing of the shift": [claim("bob", 0, 1, 503), claim("ann", 2, 3, "claimed")],
    "the same message gets the same answer": [
        claim("ann", 0, None, 0, message="m"), claim("ann", 5, 9, "claimed", message="m"),
        claim("ann", 20, 30, "claimed", message="m"), BOB_LOSES,
    ],
    "given back and taken by another": [
        ANN_WINS, asked("decline", "ann", 20, 30, "released"), claim("bob", 31, 40, "claimed"),
    ],
    "taken back by a coordinator": [
        ANN_WINS, asked("release", None, 20, 30, "released", has="ann"), claim("bob", 25, 40, "claimed"),
    ],
    "a release that nobody knows of explains a second winner": [
        ANN_WINS, asked("release", None, 20, None, 0), claim("bob", 30, 40, "claimed"),
    ],
    "no from somebody who does not have it": [asked("decline", "bob", 0, 9, "declined"), ANN_WINS],
}  # fmt: skip


@pytest.mark.parametrize("operations", SOUND.values(), ids=SOUND)
def test_a_correct_service_is_not_accused(operations: Sequence[Operation]) -> None:
    assert check(history(*operations)).violations == []


PLANTED: dict[str, tuple[Sequence[Operation], str]] = {
    "two are told that it is theirs": ([ANN_WINS, claim("bob", 1, 9, "claimed")], "two claims won"),
    "one is told twice": ([ANN_WINS, claim("ann", 20, 30, "claimed")], "two claims won"),
    "somebody else has it": ([ANN_WINS, read(20, 30, "bob")], "two caregivers have it"),
    "another hears that it is already theirs": (
        [ANN_WINS, claim("bob", 20, 30, "already_yours")], "two caregivers have it",
    ),
    "it is open after it was won": ([ANN_WINS, read(20, 30, None)], "free or unclaimed after"),
    "refused before anybody claimed it": (
        [claim("bob", 0, 5, "already_claimed"), claim("ann", 6, 9, "claimed")], "free or unclaimed after",
    ),
    "refused, and nobody has claimed it": ([BOB_LOSES], "nobody can have had it"),
    "filled without a claim": ([read(0, 5, "ann")], "never claimed it"),
    "the winner is refused": ([ANN_WINS, claim("ann", 20, 30, "already_claimed")], "the winner is refused"),
    "the same message gets another answer": (
        [claim("ann", 0, 9, "already_claimed", message="m"), claim("ann", 20, 30, "claimed", message="m")],
        "was answered 'already_claimed', and when it came again 'claimed'",
    ),
    "claimed again before it was given back": (
        [ANN_WINS, claim("bob", 10, 19, "claimed"), asked("decline", "ann", 20, 30, "released")],
        "no order of its operations",
    ),
    "given back by somebody who never had it": ([asked("decline", "bob", 0, 9, "released")], "no order"),
    "filled after it was given back": (
        [ANN_WINS, asked("decline", "ann", 20, 30, "released"), read(40, 50, "ann")], "no order",
    ),
    "nobody gets it": ([asked("claim", "ann", 0, 9, "help")], "it was claimed, and nobody got it"),
    "an eligible caregiver is refused as if they were not": (
        [claim("bob", 0, 9, "not_eligible"), ANN_WINS], "refused as not_eligible, which they are not",
    ),
    "refused as double booked": (
        [ANN_WINS, claim("bob", 0, 9, "double_booked")], "refused as double_booked, which they are not",
    ),
    "the shift is not offered any more": (
        [ANN_WINS, claim("bob", 0, 9, "no_open_offer")], "hears that nothing is offered",
    ),
    "the answer is about another": ([ANN_WINS, claim("bob", 0, 9, MISDIRECTED)], "is about another"),
    "open, and yet somebody has it": (
        [ANN_WINS, asked("read", None, 20, 30, "open", has="ann")],
        "says that it is open, and that ann has it",
    ),
    "filled, and yet nobody has it": (
        [ANN_WINS, asked("read", None, 20, 30, "filled")], "says that it is filled, and that nobody has it",
    ),
    "no from the holder gives nothing back": (
        [ANN_WINS, asked("decline", "ann", 20, 30, "declined"), claim("bob", 40, 50, "already_claimed")],
        "free or unclaimed after",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("operations", "text"), PLANTED.values(), ids=PLANTED)
def test_a_violation_in_the_answers_is_found(operations: Sequence[Operation], text: str) -> None:
    one_violation(history(*operations), None, text)


def test_a_violation_names_who_and_when() -> None:
    (sentence,) = check(history(ANN_WINS, claim("bob", 1_000_000, 2_500_000, "claimed"))).violations
    assert "claim by bob at 1.000 ms, claimed at 2.500 ms" in sentence


# --- the store -----------------------------------------------------------------------------------


def test_a_store_that_agrees_is_sound() -> None:
    state = store(*started(), *won("ann", 4), *lost("bob"), has="ann")
    verdict = check(history(ANN_WINS, BOB_LOSES), state)
    assert (verdict.word, verdict.exit_code) == ("sound", 0)


def broken_stores() -> Iterator[tuple[str, StoreState, str]]:
    ann = [*started(), *won("ann", 4), *lost("bob")]
    yield "the store has somebody else", store(*ann, has="bob"), "the store says that bob has it"
    yield "the store has nobody", store(*ann, has=None), "the store says that nobody has it"
    yield (
        "the store contradicts its journal", store(*started(), *won("bob", 4), has="ann"),
        "by the journal bob has it, and by the store ann",
    )  # fmt: skip
    yield (
        "the journal does not know the claim", store(*started(), has="ann"),
        "ann was told that it is theirs, and the journal does not know it",
    )  # fmt: skip
    yield (
        "the journal lost a version", store(*ann, has="ann", versions=[1, 2, 4, 5, 6, 7, 8]),
        "version 4 comes where 3 should be",
    )  # fmt: skip
    yield (
        "the journal has one version twice", store(*ann, has="ann", versions=[1, 2, 2, 3, 4, 5, 6]),
        "version 2 comes where 3 should be",
    )  # fmt: skip
    yield (
        "the journal gives it to a second", store(*ann, *won("bob", 9), has="bob"),
        "the journal gives it to bob while ann has it",
    )  # fmt: skip
    yield (
        "the journal has a claim that nobody heard of",
        store(*ann, Released(1, "ann", "caregiver"), *won("bob", 10), has="bob"),
        "the journal has a claim of bob, who was not told that it won",
    )  # fmt: skip
    yield (
        "the winner is told twice",
        store(*started(), *won("ann", 4, ["ann", "ann"]), *lost("bob"), has="ann"),
        "ann was sent answer/4 twice",
    )  # fmt: skip
    yield (
        "another gets the confirmation", store(*started(), *won("ann", 4, ["bob"]), *lost("bob"), has="ann"),
        "bob was sent answer/4, which answers nothing of theirs",
    )  # fmt: skip
    yield (
        "somebody is sent an answer to nothing", store(*ann, Sent(1, "answer/99", "bob"), has="ann"),
        "bob was sent answer/99, which answers nothing of theirs",
    )  # fmt: skip
    yield (
        "one message is heard twice", store(*ann, *lost("bob"), has="ann"),
        "the journal has 2 messages of bob, who had 1 answered",
    )  # fmt: skip
    yield (
        "a message left no trace", store(*started(), *won("ann", 4), has="ann"),
        "the journal has 0 messages of bob, who had 1 answered",
    )  # fmt: skip
    yield (
        "the journal as a whole is broken",
        store(*ann, has="ann")._replace(broken=["seq 9: a rule"]), "seq 9: a rule",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("state", "text"),
    [(state, text) for _, state, text in broken_stores()],
    ids=[name for name, _, _ in broken_stores()],
)
def test_a_violation_in_the_store_is_found(state: StoreState, text: str) -> None:
    one_violation(history(ANN_WINS, BOB_LOSES), state, text)


def test_the_store_decides_what_became_of_an_unknown_claim() -> None:
    unknown = history(claim("ann", 0, None, 0), claim("bob", 1, 9, "already_claimed"))
    assert check(unknown, store(*started(), *won("ann", 4), *lost("bob"), has="ann")).word == "sound"
    broken = store(*started(), *won("bob", 4), has="bob")
    one_violation(unknown, broken, "bob, who was not told that it won")


# --- when nothing can be concluded ---------------------------------------------------------------


def doubts(verdict_of: History, of: StoreState | None = None, bound: int = 1000) -> str:
    verdict = check(verdict_of, of, bound)
    assert (verdict.word, verdict.exit_code) == ("inconclusive", 2)
    return " ".join(verdict.doubts)


def test_users_who_never_started_are_missed() -> None:
    assert "48 of 50 users started" in doubts(history(ANN_WINS, asked=50, started=48))


def test_a_run_that_was_stopped_proves_nothing() -> None:
    assert "stopped before its end" in doubts(history(ANN_WINS, finished=False))


def test_a_server_that_never_answered_proves_nothing() -> None:
    assert "was the server there?" in doubts(history(claim("ann", 0, None, 0)))


def test_messages_that_were_never_answered_leave_a_doubt() -> None:
    assert "1 messages were never answered" in doubts(history(ANN_WINS, claim("bob", 1, None, 0)))


def test_refusals_as_mistakes_leave_a_doubt() -> None:
    assert "1 requests were answered 404" in doubts(history(ANN_WINS, claim("bob", 1, 2, 404)))


def test_a_shift_that_the_store_does_not_know_leaves_a_doubt() -> None:
    assert "does not know the shift" in doubts(history(ANN_WINS), StoreState({}, {}))


def test_a_confirmation_that_has_not_gone_out_leaves_a_doubt() -> None:
    waiting = store(*started(), *won("ann", 4)[:2], has="ann")
    assert "1 confirmations have not gone out yet" in doubts(history(ANN_WINS), waiting)


def test_a_confirmation_that_failed_leaves_a_doubt() -> None:
    failed = SendFailed(1, "answer/4", "ann", "no such number", True)
    state = store(*started(), *won("ann", 4)[:3], failed, has="ann")
    assert "1 confirmations could not be sent" in doubts(history(ANN_WINS), state)


def test_a_shift_that_somebody_else_called_off_leaves_a_doubt() -> None:
    called_off = store(*started(), *won("ann", 4), Cancelled(1), has=None)
    assert "changed by somebody who is not in the history" in doubts(history(ANN_WINS), called_off)
    assert "has somebody called it off?" in doubts(history(ANN_WINS, claim("bob", 20, 30, "closed")))


def test_a_shift_that_a_coordinator_took_back_meanwhile_leaves_a_doubt() -> None:
    taken = store(*started(), *won("ann", 4), *released("ann"), has=None)
    assert "changed by somebody who is not in the history" in doubts(history(ANN_WINS), taken)


def test_a_search_that_is_given_up_says_so() -> None:
    """Nobody knows of any of these, and the answer at the end fits none of them."""
    many = [claim(f"c{number}", 0, None, 0) for number in range(9)]
    takes = [asked("release", None, 0, None, 0) for _ in range(9)]
    assert "no answer after 1,000 orders" in doubts(history(ANN_WINS, *many, *takes, read(20, 30, "zoe")))


def test_a_violation_counts_more_than_a_doubt() -> None:
    verdict = check(history(ANN_WINS, claim("bob", 1, 2, "claimed"), asked=2, started=1))
    assert (verdict.word, len(verdict.doubts)) == ("violation", 1)


def test_a_coordinator_who_comes_too_late_makes_no_mistake() -> None:
    assert check(history(ANN_WINS, asked("fanout", None, 20, 30, 409))).word == "sound"


def test_only_the_first_of_many_violations_are_told() -> None:
    events: list[Event] = [Claimed(1, f"c{number}") for number in range(100)]
    verdict = check(history(ANN_WINS), store(*events, has="ann"))
    assert len(verdict.violations) == 21
    assert "more like these" in verdict.violations[-1]
