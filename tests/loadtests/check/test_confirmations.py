"""Every claim is told to its caregiver by one text, and the checker finds that text by what it confirms."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from core.commands import Command, Inbound, Lease, Leased, Load, MarkSent, Outgoing, StartFanout
from core.desk import decide
from core.events import Claimed, Entry, Event, Released, Replied, SendFailed, SendStarted, entry_from
from core.gather import gather
from core.memory import MemoryStore
from core.model import Caregiver, LoadFile, Shift, to_ms
from core.reply import Answer, Intent, Reply
from loadtests.check import store
from loadtests.check.checker import Verdict, check
from loadtests.check.confirmations import Confirmations
from loadtests.check.history import Action, History, Request
from tests.core.agency import LEASE_MS, NO_LIMITS
from tests.loadtests.check.builders import SHIFT, answer_text, request

BEGIN = datetime(2035, 1, 1, tzinfo=UTC)
ACTIONS: dict[Intent, Action] = {"accept": "claim", "decline": "decline", "unknown": "say"}


def shift(shift_id: str, starts_h: int) -> Shift:
    start = BEGIN + timedelta(hours=starts_h)
    return Shift(
        id=shift_id, organization_id="org", role_required="RN", start_time=start,
        end_time=start + timedelta(hours=2),
    )  # fmt: skip


class Desk:
    """The real desk over a store in memory, with two nurses, two shifts, and a record of every message."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.now_ms = to_ms(BEGIN)
        self.requests: list[Request] = []
        self.phones = {"ann": "+100001", "bob": "+100002"}
        people = tuple(Caregiver(id=who, name=who, role="RN", phone=it) for who, it in self.phones.items())
        self.do(Load(LoadFile(shifts=(shift("day", 8), shift("night", 20)), caregivers=people)))
        self.do(StartFanout("day"), StartFanout("night"))
        self.send_everything()

    def do(self, *commands: Command) -> list[object]:
        self.now_ms += 1_000
        changes = decide(commands, gather(self.store, commands, self.now_ms))
        self.store.commit(changes)
        return list(changes.results)

    def code(self, caregiver: str, shift_id: str) -> str:
        view = self.store.shift(shift_id)
        assert view is not None
        return next(offer.code for offer in view.offers if offer.caregiver_id == caregiver)

    def message(self, caregiver: str, answers: Sequence[tuple[Intent, str]], outcomes: Sequence[str]) -> None:
        """A text that answers several offers by their codes, and for each shift what became of it."""
        number = f"message-{len(self.requests)}"
        meant = tuple(Answer(intent, self.code(caregiver, shift_id)) for intent, shift_id in answers)
        begun = self.now_ms
        self.do(Inbound(self.phones[caregiver], Reply(meant, gives_back=True), message_id=number))
        for (intent, shift_id), status in zip(answers, outcomes, strict=True):
            self.requests.append(
                request(
                    ACTIONS[intent], caregiver, begun, self.now_ms, status,
                    message=number, shift=shift_id,
                )
            )  # fmt: skip

    def send_everything(self) -> list[Outgoing]:
        (leased,) = self.do(Lease(self.store.owner, NO_LIMITS, LEASE_MS, 100))
        assert isinstance(leased, Leased)
        self.do(*(MarkSent(send.key, send.attempt) for send in leased.sends))
        return [send for send in leased.sends if send.purpose == "answer"]

    def verdict(self) -> Verdict:
        history = History("run", "mixed", 1, 1, True, self.requests)
        return check(history, store.read_all(self.store, ["day", "night"]))


def test_one_text_confirms_two_claims() -> None:
    desk = Desk()
    desk.message("ann", [("accept", "day"), ("accept", "night")], ["claimed", "claimed"])
    (pending,) = desk.verdict().doubts
    assert "2 confirmations have not gone out yet" in pending
    assert len(desk.send_everything()) == 1
    assert desk.verdict().word == "sound", desk.verdict()


def test_one_text_declines_and_claims() -> None:
    desk = Desk()
    desk.message("ann", [("decline", "day"), ("accept", "night")], ["declined", "claimed"])
    assert len(desk.send_everything()) == 1
    assert desk.verdict().word == "sound", desk.verdict()


def test_one_text_claims_one_shift_and_loses_the_other() -> None:
    """The last entry that the message causes is not a claim."""
    desk = Desk()
    desk.message("bob", [("accept", "night")], ["claimed"])
    desk.message("ann", [("accept", "day"), ("accept", "night")], ["claimed", "already_claimed"])
    desk.send_everything()
    assert desk.verdict().word == "sound", desk.verdict()


def test_a_shift_is_given_back_and_claimed_again() -> None:
    """The last entry that the give-back causes is a new round, which has no caregiver."""
    desk = Desk()
    desk.message("ann", [("accept", "day")], ["claimed"])
    desk.message("ann", [("decline", "day")], ["released"])
    desk.message("ann", [("accept", "day")], ["claimed"])
    assert len(desk.send_everything()) == 3
    assert desk.verdict().word == "sound", desk.verdict()


def test_a_repeated_yes_confirms_nothing_again() -> None:
    desk = Desk()
    desk.message("ann", [("accept", "day")], ["claimed"])
    desk.message("ann", [("accept", "day")], ["already_yours"])
    assert len(desk.send_everything()) == 2
    assert desk.verdict().word == "sound", desk.verdict()


# --- journals written by hand ----------------------------------------------------------------------


def confirmations(*events: Event) -> tuple[list[str], list[str]]:
    """What is wrong with the texts in the journal of one shift, and what became of each claim's text."""
    journal = [Entry(seq, SHIFT, seq, event) for seq, event in enumerate(events, 1)]
    found = Confirmations({SHIFT: journal})
    claims = [entry for entry in journal if isinstance(entry.event, Claimed)]
    return list(found.violations(SHIFT)), [found.of(claim) for claim in claims]


CLAIM: list[Event] = [Replied(1, "ann", "accept", "claimed"), Claimed(1, "ann")]


def test_a_text_that_is_tried_again_confirms_the_claim() -> None:
    first, sent = answer_text("ann", "answer/2", 2)
    assert confirmations(*CLAIM, first) == ([], ["pending"])
    failed = SendFailed(1, "answer/2", "ann", "busy", final=False)
    assert confirmations(*CLAIM, first, failed) == ([], ["pending"])
    again = SendStarted(2, "answer/2", "ann", "sms", 2, "answer", confirms=(2,))
    assert confirmations(*CLAIM, first, failed, again, sent) == ([], ["sent"])
    gave_up = SendFailed(2, "answer/2", "ann", "no such number", final=True)
    assert confirmations(*CLAIM, first, failed, again, gave_up) == ([], ["failed"])


def test_a_notice_is_not_a_confirmation() -> None:
    notice = SendStarted(1, "notice/3", "ann", "sms", 1, "notice", confirms=(2,))
    assert confirmations(*CLAIM, notice) == ([], ["pending"])


def test_a_text_may_also_confirm_the_claim_of_a_shift_that_was_not_raced_for() -> None:
    assert confirmations(*CLAIM, *answer_text("ann", "answer/99", 2, 99)) == ([], ["sent"])


def old_text(caregiver: str, key: str, seq: int) -> list[Event]:
    """A text in a journal of version 0.1, sent."""
    data = f'{{"key":"{key}","caregiver_id":"{caregiver}","channel":"sms","attempt":1}}'
    (_, sent) = answer_text(caregiver, key)
    return [entry_from(seq, SHIFT, seq, 1, "send_started", data).event, sent]


def test_old_texts_name_the_last_entry_of_their_message() -> None:
    """A claim is confirmed by a text that names it; other texts answer messages that won nothing."""
    assert confirmations(*CLAIM, *old_text("ann", "answer/2", 3)) == ([], ["sent"])
    refused = [*CLAIM, Replied(1, "bob", "accept", "already_claimed")]
    assert confirmations(*refused, *old_text("bob", "answer/3", 4)) == ([], ["pending"])
    given_back = [*CLAIM, Released(1, "ann", "caregiver")]
    assert confirmations(*given_back, *old_text("ann", "answer/3", 4)) == ([], ["pending"])


def test_a_long_old_answer_went_out_as_two_texts() -> None:
    both = [*old_text("ann", "answer/2", 3), *old_text("ann", "answer/2/1", 5)]
    assert confirmations(*CLAIM, *both) == ([], ["sent"])


def test_an_old_text_to_somebody_else_is_a_violation() -> None:
    (violation,), (delivery,) = confirmations(*CLAIM, *old_text("bob", "answer/2", 3))
    assert violation == "bob was sent answer/2, which confirms what is not a claim of theirs"
    assert delivery == "pending"


def test_journals_of_several_shifts_are_read_together() -> None:
    day = [Entry(1, "day", 1, CLAIM[0]), Entry(2, "day", 2, CLAIM[1])]
    night = [Entry(3, "night", 1, CLAIM[0]), Entry(4, "night", 2, CLAIM[1])]
    texts = answer_text("ann", "answer/4", 2, 4)
    day += [Entry(seq, "day", seq - 2, event) for seq, event in enumerate(texts, 5)]
    found = Confirmations({"day": day, "night": night})
    assert [found.of(day[1]), found.of(night[1])] == ["sent", "sent"]
    assert [*found.violations("day"), *found.violations("night")] == []
