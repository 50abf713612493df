"""What a caregiver's message does, and what they hear back."""

from collections.abc import Sequence
from dataclasses import replace

from core import routing, wording
from core.batch import Batch
from core.commands import (
    Inbound,
    InboundResult,
    Refused,
    Result,
)
from core.fanout import Status
from core.messages import (
    Claim,
    Decline,
    Input,
    OptOut,
    Replied,
    ResultStatus,
)
from core.replies import Answer, Intent, read
from core.routing import Ambiguous, Offer
from core.store import Member


def inbound(batch: Batch, command: Inbound) -> Result:
    """Answers a message; the text that goes back is queued as a send."""
    if command.message_id is not None and command.message_id in batch.known.inbox:
        return batch.known.inbox[command.message_id]
    caregiver_id = batch.known.phones.get(command.phone)
    if caregiver_id is None:
        return Refused("not_found", "no caregiver has this phone; store one with PUT /caregivers/{id}")
    if command.shift_id is not None and command.shift_id not in batch.known.shifts:
        return Refused("not_found", f"there is no shift {command.shift_id}")
    result = _all_answers(batch, caregiver_id, read(command.body).answers, command.shift_id)
    if result.reply is not None and not batch.known.members[caregiver_id].opted_out:
        key = f"answer/{batch.seq - 1}"
        batch.send(key, caregiver_id, "sms", "answer", result.reply, result.shift_id)
    if command.message_id is not None:
        batch.known.inbox[command.message_id] = batch.changes.inbox[command.message_id] = result
    return result


def _all_answers(
    batch: Batch, caregiver_id: str, answers: Sequence[Answer], shift_id: str | None
) -> InboundResult:
    """What the answers in one message come to, and all texts together.

    What counts is the first accept that won, else the first accept, else the first answer. What is declined
    goes first, since it may make room for what is accepted.
    """
    if len(answers) > 1 and shift_id is not None:
        answers = (Answer("unknown"),)  # several answers, but only one shift to mean
    if len(answers) == 1:
        return _answer(batch, batch.known.members[caregiver_id], answers[0], shift_id)
    answers = sorted(answers, key=lambda answer: answer.intent == "accept")
    results = [_answer(batch, batch.known.members[caregiver_id], answer, shift_id) for answer in answers]
    accepted = [result for answer, result in zip(answers, results, strict=True) if answer.intent == "accept"]
    won = [result for result in accepted if result.status == "claimed"]
    texts = dict.fromkeys(result.reply for result in results if result.reply is not None)
    return replace((won + accepted + results)[0], reply=" ".join(texts))


def _answer(batch: Batch, member: Member, answer: Answer, shift_id: str | None) -> InboundResult:
    if answer.intent == "stop":
        return _opt_out(batch, member)
    # YES opts in at the carrier: from someone who has opted out it is no claim yet.
    bare_yes = member.opted_out and answer == Answer("accept") and shift_id is None
    if answer.intent == "start" or bare_yes:
        batch.put_member(replace(member, opted_out=False))
        return _told(batch, member.id, answer.intent, "opted_in")
    if answer.intent == "help":
        return _told(batch, member.id, answer.intent, "help")
    offers = batch.known.offers.get(member.id, {})
    if shift_id is None:
        live = [offer.shift_id for offer in offers.values() if batch.is_live(offer)]
        meant = routing.route(answer, offers.values(), batch.now_ms, live)
        if not isinstance(meant, Offer):
            return _ask_back(batch, member.id, answer.intent, meant)
        shift_id = meant.shift_id
    elif answer.code is not None and (shift_id not in offers or offers[shift_id].code != answer.code):
        return _not_understood(batch, member.id, shift_id)  # the code is not that of the shift named
    if answer.intent == "unknown":
        return _not_understood(batch, member.id, shift_id)
    return _accept_or_decline(batch, member, answer.intent, shift_id)


def _accept_or_decline(batch: Batch, member: Member, intent: Intent, shift_id: str) -> InboundResult:
    shift = batch.known.shifts[shift_id]
    given: Input = Decline(member.id)
    if intent == "accept":
        given = Claim(member.id, member.role == shift.role_required, batch.conflict(member.id, shift_id))
    outcome = batch.apply(shift_id, given)
    offer = batch.offer(member.id, shift_id)
    if offer is not None:
        batch.put_offer(offer.answered(intent))
    told = outcome.told
    reply = wording.answer(
        told,
        shift,
        batch.timezone,
        code=offer.code if offer else None,
        since_ms=outcome.since_ms,
        conflict=batch.known.shifts[outcome.conflict] if outcome.conflict else None,
    )
    return InboundResult(told, shift_id, member.id, reply)


def _not_understood(batch: Batch, caregiver_id: str, shift_id: str) -> InboundResult:
    state = batch.known.fanouts[shift_id]
    batch.record(shift_id, Replied(batch.at(state), caregiver_id, "unknown", "unknown"))
    offer = batch.offer(caregiver_id, shift_id)
    reply = wording.answer("unknown", None, batch.timezone, code=offer.code if offer else None)
    return InboundResult("unknown", shift_id, caregiver_id, reply)


def _ask_back(batch: Batch, caregiver_id: str, intent: Intent, meant: Ambiguous | None) -> InboundResult:
    """Names the offers that could be meant: those open, and those the caregiver holds."""
    choices = []
    for offer in meant.offers if meant else ():
        state = batch.known.fanouts[offer.shift_id]
        if state.status is Status.OPEN or state.holder == caregiver_id:
            choices.append((offer.code, batch.known.shifts[offer.shift_id]))
    if intent == "unknown":
        return _told(batch, caregiver_id, intent, "unknown")
    status: ResultStatus = "which_shift" if choices else "no_open_offer"
    batch.note(Replied(batch.now_ms, caregiver_id, intent, status))
    reply = wording.answer(status, None, batch.timezone, choices=choices)
    return InboundResult(status, None, caregiver_id, reply)


def _told(batch: Batch, caregiver_id: str, intent: Intent, status: ResultStatus) -> InboundResult:
    """An answer that concerns no shift."""
    batch.note(Replied(batch.now_ms, caregiver_id, intent, status))
    return InboundResult(status, None, caregiver_id, wording.answer(status, None, batch.timezone))


def _opt_out(batch: Batch, member: Member) -> InboundResult:
    batch.put_member(replace(member, opted_out=True))
    for shift_id in sorted(batch.known.offers.get(member.id, {})):
        if batch.known.fanouts[shift_id].status is Status.OPEN:
            batch.apply(shift_id, OptOut(member.id))
    return _told(batch, member.id, "stop", "opted_out")
