"""What a caregiver's message does, and what they hear back."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace

from core import routing, times, wording
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
from core.replies import Answer, Intent, Reply, read
from core.routing import Ambiguous, Offer
from core.store import Member, Message

# What helps nobody twice is said once in so long: machines that answer by themselves stop then.
QUIET_MS = 30 * 60_000
# What coordinators see of a message: two segments.
LONGEST_MESSAGE = 320
# At the carrier this word alone opts in, besides START and UNSTOP.
_OPTS_IN = "yes"


def inbound(batch: Batch, command: Inbound) -> Result:
    """Answers a message; the text that goes back is queued as a send."""
    if command.message_id is not None and command.message_id in batch.known.inbox:
        return batch.known.inbox[command.message_id]
    caregiver_id = batch.known.phones.get(command.phone)
    if caregiver_id is None:
        return Refused("not_found", "no caregiver has this phone; store one with PUT /caregivers/{id}")
    if command.shift_id is not None and command.shift_id not in batch.known.shifts:
        return Refused("not_found", f"there is no shift {command.shift_id}")
    result = _answer_all(batch, caregiver_id, read(command.body), command)
    if result.reply is not None and not batch.known.members[caregiver_id].opted_out:
        key = f"answer/{batch.seq - 1}"
        batch.send(key, caregiver_id, "sms", "answer", result.reply, result.shift_id)
        if result.shift_id is None:
            batch.told(caregiver_id)
    if command.message_id is not None:
        batch.known.inbox[command.message_id] = batch.changes.inbox[command.message_id] = result
    return result


def _answer_all(batch: Batch, caregiver_id: str, reply: Reply, command: Inbound) -> InboundResult:
    """What the answers in one message come to, and all texts together.

    What counts is the first accept that won, else the first accept, else the first answer. What is declined
    goes first, since it may make room for what is accepted.
    """
    answers = reply.answers
    if reply.weak and command.shift_id is None:
        return _acknowledged(batch, batch.known.members[caregiver_id], reply.named)
    if len(answers) > 1 and command.shift_id is not None:
        answers = (Answer("unknown"),)  # several answers, but only one shift to mean
    if len(answers) == 1:
        return _answer(batch, caregiver_id, answers[0], command, reply.named)
    in_order = sorted(answers, key=lambda answer: answer.intent == "accept")
    results = [_answer(batch, caregiver_id, answer, command) for answer in in_order]
    accepted = [result for answer, result in zip(in_order, results, strict=True) if answer.intent == "accept"]
    won = [result for result in accepted if result.status == "claimed"]
    texts = dict.fromkeys(result.reply for result in results if result.reply is not None)
    return replace((won + accepted + results)[0], reply=" ".join(texts) or None)


def _answer(
    batch: Batch, caregiver_id: str, answer: Answer, command: Inbound, named: Sequence[str] = ()
) -> InboundResult:
    """What one answer comes to; the coordinator is shown what they should read."""
    member = batch.known.members[caregiver_id]
    result = _decide(batch, member, answer, command, named)
    if result.status in _TO_READ or member.opted_out:
        _show(batch, result, command.body)
    return result


# What coordinators should read themselves.
_TO_READ: frozenset[ResultStatus] = frozenset(("unknown", "released"))


def _decide(
    batch: Batch, member: Member, answer: Answer, command: Inbound, named: Sequence[str]
) -> InboundResult:
    shift_id = command.shift_id
    if answer.intent == "stop":
        return _opt_out(batch, member)
    # From someone who has opted out it is no claim yet.
    opts_in = member.opted_out and shift_id is None and command.body.strip().casefold() == _OPTS_IN
    if answer.intent == "start" or opts_in:
        batch.put_member(replace(member, opted_out=False))
        return _told(batch, member.id, answer.intent, "opted_in")
    if answer.intent == "help":
        return _told(batch, member.id, answer.intent, "help")
    offers = batch.known.offers.get(member.id, {})
    if shift_id is None:
        live = [offer.shift_id for offer in offers.values() if batch.is_live(offer)]
        meant = routing.route(answer, offers.values(), batch.now_ms, live)
        if not isinstance(meant, Offer):
            return _ask_back(batch, member, answer.intent, meant)
        shift_id = meant.shift_id
    elif answer.code is not None and (shift_id not in offers or offers[shift_id].code != answer.code):
        return _not_understood(batch, member, shift_id)  # the code is not that of the shift named
    if answer.intent == "unknown" or not _fit(batch, named, shift_id):
        return _not_understood(batch, member, shift_id)
    return _accept_or_decline(batch, member, answer.intent, shift_id)


def _fit(batch: Batch, named: Sequence[str], shift_id: str) -> bool:
    """Whether the times and days that are named are the shift's."""
    return not named or times.fit(named, batch.known.shifts[shift_id], batch.timezone, batch.now_ms)


def _accept_or_decline(batch: Batch, member: Member, intent: Intent, shift_id: str) -> InboundResult:
    shift = batch.known.shifts[shift_id]
    given: Input = Decline(member.id)
    if intent == "accept":
        given = Claim(member.id, member.role == shift.role_required, batch.conflict(member.id, shift_id))
    outcome = batch.apply(shift_id, given)
    offer, told = batch.offer(member.id, shift_id), outcome.told
    repeated = offer is not None and offer.answer == "decline" and _lately(batch, offer.answered_ms)
    if offer is not None:
        batch.put_offer(offer.answered(intent, batch.now_ms))
    if told == "declined" and repeated:
        return InboundResult(told, shift_id, member.id, None)
    reply = wording.answer(
        told,
        shift,
        batch.timezone,
        code=offer.code if offer else None,
        since_ms=outcome.since_ms,
        conflict=batch.known.shifts[outcome.conflict] if outcome.conflict else None,
    )
    return InboundResult(told, shift_id, member.id, reply)


def _acknowledged(batch: Batch, member: Member, named: Sequence[str]) -> InboundResult:
    """A mere "ok thank you": an accept if it answers an offer, else there is nothing to say to it."""
    offers = batch.known.offers.get(member.id, {}).values()
    meant = routing.acknowledged(offers, batch.now_ms, member.told_ms or 0)
    if member.opted_out:
        meant = None  # it answers the carrier's goodbye
    if isinstance(meant, Offer) and _fit(batch, named, meant.shift_id):
        return _accept_or_decline(batch, member, "accept", meant.shift_id)
    if isinstance(meant, Ambiguous) and _choices(batch, member.id, meant.offers):
        return _ask_back(batch, member, "accept", meant)
    batch.note(Replied(batch.now_ms, member.id, "unknown", "unknown"))
    return InboundResult("unknown", None, member.id, None)


def _not_understood(batch: Batch, member: Member, shift_id: str) -> InboundResult:
    state, shift = batch.known.fanouts[shift_id], batch.known.shifts[shift_id]
    batch.record(shift_id, Replied(batch.at(state), member.id, "unknown", "unknown"))
    state = batch.known.fanouts[shift_id]
    offer = batch.offer(member.id, shift_id)
    code = offer.code if offer else None
    if state.holder == member.id:
        text = wording.unclear_but_theirs(shift, code, batch.timezone, batch.office)
    elif state.status is Status.OPEN:
        text = wording.unclear([(code or "", shift)], batch.timezone, batch.office)
    else:
        text = wording.unclear_and_gone(shift, batch.timezone, batch.office)
    helped_ms = member.told_ms if offer is None else offer.helped_ms
    if _lately(batch, helped_ms):
        return InboundResult("unknown", shift_id, member.id, None)
    if offer is None:
        batch.told(member.id)
    else:
        batch.put_offer(offer._replace(helped_ms=batch.now_ms))
    return InboundResult("unknown", shift_id, member.id, text)


def _lately(batch: Batch, at_ms: int | None) -> bool:
    """Whether it was less than `QUIET_MS` ago, or later than now by a clock that was set back."""
    return at_ms is not None and batch.now_ms - at_ms < QUIET_MS


def _ask_back(batch: Batch, member: Member, intent: Intent, meant: Ambiguous | None) -> InboundResult:
    """Names the offers that could be meant."""
    choices = _choices(batch, member.id, meant.offers if meant else ())
    if intent == "unknown":
        return _explain(batch, member, choices)
    status: ResultStatus = "which_shift" if choices else "no_open_offer"
    batch.note(Replied(batch.now_ms, member.id, intent, status))
    if (intent == "decline" or not choices) and _lately(batch, member.told_ms):
        return InboundResult(status, None, member.id, None)
    named = [(offer.code, batch.known.shifts[offer.shift_id]) for offer in choices]
    reply = wording.answer(status, None, batch.timezone, choices=named)
    return InboundResult(status, None, member.id, reply)


def _explain(batch: Batch, member: Member, choices: Sequence[Offer]) -> InboundResult:
    """How to answer the offers that could be meant, those of which they have not lately been told so."""
    batch.note(Replied(batch.now_ms, member.id, "unknown", "unknown"))
    untold = [offer for offer in choices if not _lately(batch, offer.helped_ms)]
    if not untold and (choices or _lately(batch, member.told_ms)):
        return InboundResult("unknown", None, member.id, None)
    for offer in untold:
        batch.put_offer(offer._replace(helped_ms=batch.now_ms))
    named = [(offer.code, batch.known.shifts[offer.shift_id]) for offer in untold]
    return InboundResult("unknown", None, member.id, wording.unclear(named, batch.timezone, batch.office))


def _choices(batch: Batch, caregiver_id: str, offers: Iterable[Offer]) -> list[Offer]:
    """Those offers that can be answered still: of shifts that are open, or that they hold."""
    return [
        offer
        for offer in offers
        if (state := batch.known.fanouts[offer.shift_id]).status is Status.OPEN
        or state.holder == caregiver_id
    ]


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


def _show(batch: Batch, result: InboundResult, body: str) -> None:
    """Keeps a message for the coordinator, with the shifts that it may be about."""
    about = [result.shift_id] if result.shift_id is not None else []
    if not about and result.status == "unknown":
        offers = batch.known.offers.get(result.caregiver_id, {}).values()
        live = [offer for offer in offers if batch.is_live(offer)]
        about = [offer.shift_id for offer in _choices(batch, result.caregiver_id, live)]
    if text := _legible(body):
        batch.changes.messages += [
            Message(shift_id, result.caregiver_id, batch.now_ms, result.status, text) for shift_id in about
        ]


def _legible(body: str) -> str:
    """A message in one line, without what only machines see, and not of any length."""
    start = body[: 4 * LONGEST_MESSAGE]
    seen = "".join(char for char in start if char.isspace() or unicodedata.category(char)[0] != "C")
    line = " ".join(seen.split())
    return line if len(line) <= LONGEST_MESSAGE else f"{line[: LONGEST_MESSAGE - 2]}.."
