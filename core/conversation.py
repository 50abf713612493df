"""What a caregiver's message does, and what they hear back."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace

from core import offers as routing
from core import times, wording
from core.commands import (
    Inbound,
    InboundResult,
    Refused,
    Result,
)
from core.events import (
    Claim,
    Decline,
    Input,
    OptOut,
    Replied,
    ResultStatus,
)
from core.fanout import Status
from core.offers import Ambiguous, Offer
from core.ports import Member, Message
from core.replies import Answer, Intent, Reply, read
from core.working_set import Batch

# What helps nobody twice is said once in so long: machines that answer by themselves stop then.
QUIET_MS = 30 * 60_000
# And in so long nobody is asked twice which of their offers a "no" or an "ok" is about.
CALM_MS = 5 * 60_000
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
    result, texts = _answer_all(batch, caregiver_id, read(command.body), command)
    if batch.known.members[caregiver_id].opted_out:
        result, texts = replace(result, reply=None), []
    key = f"answer/{batch.seq - 1}"
    for number, text in enumerate(texts):
        end = f"/{number}" if number else ""
        batch.send(f"{key}{end}", caregiver_id, "sms", "answer", text, result.shift_id)
    if texts and not _keeps_time(batch, caregiver_id, result.shift_id):
        batch.told(caregiver_id)
    if command.message_id is not None:
        batch.known.inbox[command.message_id] = batch.changes.inbox[command.message_id] = result
    return result


def _keeps_time(batch: Batch, caregiver_id: str, shift_id: str | None) -> bool:
    """Whether an offer keeps when they were told something, and is not about to be too old for that."""
    offer = batch.offer(caregiver_id, shift_id) if shift_id is not None else None
    return offer is not None and batch.now_ms - offer.made_ms < routing.DAY_MS - routing.BARE_ANSWER_MS


def _answer_all(
    batch: Batch, caregiver_id: str, reply: Reply, command: Inbound
) -> tuple[InboundResult, list[str]]:
    """What the answers in one message come to, and the texts to send: one, if it fits a segment.

    What counts is the first accept that won, else the first accept, else the first answer. What is declined
    goes first, since it may make room for what is accepted.
    """
    answers = reply.answers
    if len(answers) > 1 and command.shift_id is None:
        in_order = sorted(answers, key=lambda answer: answer.intent == "accept")
        named = dict(zip(answers, reply.named, strict=True))
        results = [
            _answer(batch, caregiver_id, answer, command, replace(reply, named=(named[answer],)))
            for answer in in_order
        ]
        accepted = [r for answer, r in zip(in_order, results, strict=True) if answer.intent == "accept"]
        won = [result for result in accepted if result.status == "claimed"]
        texts = list(dict.fromkeys(result.reply for result in results if result.reply is not None))
        joined = " ".join(texts) or None
        result = replace((won + accepted + results)[0], reply=joined)
        return result, texts if joined and len(joined) > wording.SEGMENT else [joined] if joined else []
    if reply.weak and command.shift_id is None:
        result = _acknowledged(batch, batch.known.members[caregiver_id], reply, command.body)
    else:  # several answers, but only one shift to mean, are none
        answer = answers[0] if len(answers) == 1 else Answer("unknown")
        if answer.intent == "unknown":
            answer = Answer("unknown", reply.about)
        result = _answer(batch, caregiver_id, answer, command, reply)
    return result, [] if result.reply is None else [result.reply]


def _answer(batch: Batch, caregiver_id: str, answer: Answer, command: Inbound, reply: Reply) -> InboundResult:
    """What one answer comes to; coordinators are shown what they should read."""
    member = batch.known.members[caregiver_id]
    result = _decide(batch, member, answer, command, reply)
    unclear_no = answer.intent == "decline" and result.status == "which_shift"
    unheard = member.opted_out and result.shift_id is not None
    if result.status in _TO_READ or unclear_no or unheard:
        _show(batch, result, command.body)
    return result


# What coordinators should read themselves, besides a "no" that may give a shift back.
_TO_READ: frozenset[ResultStatus] = frozenset(("unknown", "released", "opted_out"))


def _decide(batch: Batch, member: Member, answer: Answer, command: Inbound, reply: Reply) -> InboundResult:
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
        holds = [offer.shift_id for offer in offers.values() if _holds(batch, member.id, offer)]
        meant = routing.route(answer, offers.values(), batch.now_ms, live, holds, reply.gives_back)
        if not isinstance(meant, Offer):
            return _ask_back(batch, member, answer.intent, meant)
        shift_id = meant.shift_id
    elif answer.code is not None and (shift_id not in offers or offers[shift_id].code != answer.code):
        return _not_understood(batch, member, shift_id)  # the code is not that of the shift named
    if answer.intent == "unknown":
        return _not_understood(batch, member, shift_id)
    if answer.intent == "accept" and not _fit(batch, reply, shift_id):
        return _at_another_time(batch, member, shift_id)
    if batch.known.fanouts[shift_id].holder == member.id and answer.intent == "decline":
        firm = answer.code is not None or reply.gives_back or reply.mere_no
        if not firm or not _fit(batch, reply, shift_id):  # cannot come on another day, or is only busy
            return _not_understood(batch, member, shift_id)
    return _accept_or_decline(batch, member, answer.intent, shift_id)


def _fit(batch: Batch, reply: Reply, shift_id: str) -> bool:
    """Whether the times and days that an answer names are the shift's."""
    named = reply.named[0] if reply.named else ()
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


def _acknowledged(batch: Batch, member: Member, reply: Reply, body: str) -> InboundResult:
    """A mere "ok thank you": an accept if it answers an offer, else there is nothing to say to it.

    A mere "thank you" accepts nothing, and is asked back if it answers an offer.
    """
    offers = batch.known.offers.get(member.id, {}).values()
    holds = any(_holds(batch, member.id, offer) for offer in offers)
    meant = routing.acknowledged(offers, batch.now_ms, member.told_ms or 0, holds)
    if member.opted_out:
        meant = None  # it answers the carrier's goodbye
    accepts = reply.answers[0].intent == "accept"
    if isinstance(meant, Offer) and accepts and _fit(batch, reply, meant.shift_id):
        return _accept_or_decline(batch, member, "accept", meant.shift_id)
    if isinstance(meant, Offer):
        ask = _at_another_time if accepts else _not_understood
        result = ask(batch, member, meant.shift_id)
        _show(batch, result, body)
        return result
    if accepts and isinstance(meant, Ambiguous) and _choices(batch, member.id, meant.offers):
        return _ask_back(batch, member, "accept", meant, weak=True)
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


def _at_another_time(batch: Batch, member: Member, shift_id: str) -> InboundResult:
    """To an accept that names a time which is not the shift's."""
    result = _not_understood(batch, member, shift_id)
    offer, state = batch.offer(member.id, shift_id), batch.known.fanouts[shift_id]
    if offer is None or state.status is not Status.OPEN:
        return result
    reply = wording.at_its_time(batch.known.shifts[shift_id], offer.code, batch.timezone)
    return replace(result, reply=reply)


def _lately(batch: Batch, at_ms: int | None, quiet_ms: int = QUIET_MS) -> bool:
    """Whether it was less than `quiet_ms` ago, or later than now by a clock that was set back."""
    return at_ms is not None and batch.now_ms - at_ms < quiet_ms


def _ask_back(
    batch: Batch, member: Member, intent: Intent, meant: Ambiguous | None, weak: bool = False
) -> InboundResult:
    """Names the offers that could be meant."""
    choices = _choices(batch, member.id, meant.offers if meant else ())
    if intent == "unknown":
        return _explain(batch, member, choices)
    if intent == "accept" and len(choices) == 1 and _holds(batch, member.id, choices[0]):
        return _accept_or_decline(batch, member, intent, choices[0].shift_id)  # says yes again
    status: ResultStatus = "which_shift" if choices else "no_open_offer"
    batch.note(Replied(batch.now_ms, member.id, intent, status))
    if choices:
        quiet = (weak or intent == "decline") and _lately(batch, member.asked_ms, CALM_MS)
    else:
        quiet = _lately(batch, member.told_ms)
    if quiet:
        return InboundResult(status, None, member.id, None)
    batch.put_member(replace(member, asked_ms=batch.now_ms))
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
    if len(untold) == 1 and _holds(batch, member.id, untold[0]):
        code, shift = named[0]
        text = wording.unclear_but_theirs(shift, code, batch.timezone, batch.office)
        return InboundResult("unknown", None, member.id, text)
    return InboundResult("unknown", None, member.id, wording.unclear(named, batch.timezone, batch.office))


def _choices(batch: Batch, caregiver_id: str, offers: Iterable[Offer]) -> list[Offer]:
    """Those offers that can be answered still: of shifts that are open, or that they hold."""
    return [offer for offer in offers if _is_open(batch, offer) or _holds(batch, caregiver_id, offer)]


def _is_open(batch: Batch, offer: Offer) -> bool:
    state = batch.known.fanouts.get(offer.shift_id)
    return state is not None and state.status is Status.OPEN


def _holds(batch: Batch, caregiver_id: str, offer: Offer) -> bool:
    state = batch.known.fanouts.get(offer.shift_id)
    return state is not None and state.holder == caregiver_id


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
    offers = batch.known.offers.get(result.caregiver_id, {}).values()
    live = [offer for offer in offers if batch.is_live(offer)]
    if result.status == "opted_out":
        about = [offer.shift_id for offer in live if _holds(batch, result.caregiver_id, offer)]
    elif result.shift_id is not None:
        about = [result.shift_id]
    else:
        about = [offer.shift_id for offer in _choices(batch, result.caregiver_id, live) or live]
        about = [shift_id for shift_id in about if shift_id in batch.known.fanouts]
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
