"""What a caregiver's message does, and what is said back."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import cast

from core import offers
from core.commands import Inbound, InboundResult, Refused, Result
from core.events import Claimed, Replied, ResultStatus
from core.fanout import Status
from core.inputs import Claim, Decline, Input, OptOut
from core.model import Shift, same_role
from core.notice import Notice, NoticeKind
from core.offers import Offer
from core.ports import RosterEntry
from core.reply import Answer, Intent, fits
from core.sends import answer_key
from core.working_set import WorkingSet

# The same explanation is sent at most once in so long, so that an auto-reply cannot go on for ever. What HELP
# is answered is not limited.
HELP_EVERY_MS = 30 * 60_000
# Nor is anybody asked again within this time which of their offers a "no" or an "ok" is about.
ASK_EVERY_MS = 5 * 60_000
# What coordinators should read themselves, besides a "no" that may give a shift back.
_TO_READ: frozenset[ResultStatus] = frozenset(("unknown", "released", "opted_out", "no_open_offer"))


def inbound(working: WorkingSet, command: Inbound) -> Result:
    """Answers a message, with one text at most, which is queued as a send."""
    key = command.inbox_key
    if key is not None and key in working.inbox:
        return _repeated(working.inbox[key], command)
    caregiver_id = working.phones.get(command.phone)
    if caregiver_id is None:
        if command.text:
            about = command.shift_id if command.shift_id in working.shifts else None
            working.show("unknown_number", about, phone=command.phone, text=command.text)
        return Refused("not_found", "no caregiver has this phone; store one with PUT /caregivers/{id}")
    if command.shift_id is not None and command.shift_id not in working.shifts:
        return Refused("not_found", f"there is no shift {command.shift_id}")
    before = len(working.changes.entries)
    result = _answer_all(working, caregiver_id, command)
    if working.people[caregiver_id].opted_out:
        result = replace(result, notices=())
    if result.notices:
        new = working.changes.entries[before:]
        confirms = tuple([entry.seq for entry in new if type(entry.event) is Claimed])
        send_key = answer_key(working.seq - 1)
        working.tell(send_key, caregiver_id, "answer", result.notices, result.shift_id, confirms)
        if not _remembered_by_offer(working, caregiver_id, result.shift_id):
            working.noticed(caregiver_id)
    if key is not None:
        result = InboundResult(
            result.status, result.shift_id, caregiver_id, None, result.notices, command.fingerprint
        )
        working.inbox[key] = working.changes.inbox[key] = result
    return result


def _repeated(first: InboundResult, command: Inbound) -> Result:
    if first.fingerprint not in (0, command.fingerprint):
        return Refused("reused", "this phone sent another message with this message_id; give each its own")
    return first


def _remembered_by_offer(working: WorkingSet, caregiver_id: str, shift_id: str | None) -> bool:
    """Whether an offer, which is not about to grow too old for it, knows when they were told something."""
    offer = working.offer(caregiver_id, shift_id) if shift_id is not None else None
    return offer is not None and working.now_ms < offer.until_ms - offers.BARE_ANSWER_MS


def _answer_all(working: WorkingSet, caregiver_id: str, command: Inbound) -> InboundResult:
    """Decides every answer in one message.

    Declines come first, since they may free the caregiver for what they accept. The result is that of the
    first accept that won, else of the first accept, else of the first answer.
    """
    reply = command.reply
    answers = reply.answers
    if len(answers) > 1 and command.shift_id is None:
        in_order = sorted(answers, key=lambda answer: answer.intent == "accept")
        results = [_answer(working, caregiver_id, answer, command) for answer in in_order]
        accepted = [r for answer, r in zip(in_order, results, strict=True) if answer.intent == "accept"]
        won = [result for result in accepted if result.status == "claimed"]
        notices = dict.fromkeys(notice for result in results for notice in result.notices)
        return replace((won + accepted + results)[0], notices=tuple(notices))
    if reply.acknowledgement and command.shift_id is None:
        return _acknowledged(working, working.people[caregiver_id], command)
    # Several answers to the one shift that the channel names are none.
    answer = answers[0] if len(answers) == 1 else Answer("unknown")
    if answer.intent == "unknown":
        answer = Answer("unknown", reply.offer_code)
    return _answer(working, caregiver_id, answer, command)


def _answer(working: WorkingSet, caregiver_id: str, answer: Answer, command: Inbound) -> InboundResult:
    """What one answer comes to; coordinators are shown what they should read."""
    person = working.people[caregiver_id]
    result = _decide(working, person, answer, command)
    unclear_no = answer.intent == "decline" and result.status == "which_shift"
    hears_nothing = person.opted_out and result.shift_id is not None
    if result.status in _TO_READ or unclear_no or hears_nothing or _of_another(working, result, command):
        _show(working, result, command.text)
    return result


def _of_another(working: WorkingSet, result: InboundResult, command: Inbound) -> bool:
    """Whether somebody who passed on a shift may have spoken of another one, which they hold elsewhere."""
    if result.status != "declined" or result.shift_id is None or not command.reply.gives_back:
        return False
    shift, rules = working.shifts[result.shift_id], working.rules
    return not all(
        fits(answer.times, shift, rules.timezone, working.now_ms) for answer in command.reply.answers
    )


def _decide(working: WorkingSet, person: RosterEntry, answer: Answer, command: Inbound) -> InboundResult:
    shift_id, reply = command.shift_id, command.reply
    if answer.intent == "stop":
        return _opt_out(working, person)
    # From someone who has opted out a lone "yes" is no claim yet.
    opts_in = person.opted_out and shift_id is None and reply.opt_in_word
    if answer.intent == "start" or opts_in:
        working.consent(person, opted_out=False)
        return _without_shift(working, person.id, answer.intent, "opted_in", Notice("opted_in"))
    if answer.intent == "help":
        return _without_shift(working, person.id, answer.intent, "help", Notice("help"))
    if shift_id is None:
        live = working.live_offers(person.id)
        held = [offer.shift_id for offer in live if _holds(working, person.id, offer)]
        meant = offers.route(answer, live, working.now_ms, held, reply.gives_back)
        if isinstance(meant, Offer) and not _told_here(person, meant):
            meant = [meant]
        if not isinstance(meant, Offer):
            return _ask_back(working, person, answer.intent, meant)
        shift_id = meant.shift_id
    elif answer.code is not None:
        offer = working.offer(person.id, shift_id)
        if offer is None or offer.code != answer.code:  # not the code of the shift named
            return _not_understood(working, person, shift_id)
    if answer.intent == "unknown":
        return _not_understood(working, person, shift_id)
    fitting = fits(answer.times, working.shifts[shift_id], working.rules.timezone, working.now_ms)
    if answer.intent == "accept" and not fitting:
        return _at_another_time(working, person, shift_id)
    if answer.intent == "decline" and working.fanouts[shift_id].holder == person.id:
        firm = answer.code is not None or reply.gives_back or reply.bare_no
        if not firm or not fitting:  # cannot come on another day, or is only busy
            return _not_understood(working, person, shift_id)
    return _accept_or_decline(working, person, answer.intent, shift_id)


def _told_here(person: RosterEntry, offer: Offer) -> bool:
    """Whether they can have heard of the offer on their present phone.

    Who writes from a number that has passed on may mean a text to the person who had it before.
    """
    since_ms = person.phone_since_ms or 0
    return max(offer.sent_ms or 0, offer.helped_ms or 0, offer.answered_ms or 0) >= since_ms


def _accept_or_decline(
    working: WorkingSet, person: RosterEntry, intent: Intent, shift_id: str
) -> InboundResult:
    shift = working.shifts[shift_id]
    given: Input = Decline(person.id, working.policy(shift.organization_id))
    if intent == "accept":
        eligible = same_role(person.role, shift.role_required)
        given = Claim(person.id, eligible, working.conflict(person.id, shift_id))
    outcome = working.apply(shift_id, given)
    offer = working.offer(person.id, shift_id)
    repeated = offer is not None and offer.answer == "decline" and _lately(working, offer.answered_ms)
    if offer is not None:
        working.put_offer(offer.answered(intent, working.now_ms))
    if outcome.status == "declined" and repeated:
        return InboundResult("declined", shift_id, person.id)
    result = outcome.result
    conflict = working.shifts.get(outcome.conflict) if outcome.conflict else None
    code = offer.code if offer else None
    kind = "confirmed" if result == "claimed" else cast(NoticeKind, result)
    notice = Notice(kind, shift, code, outcome.since_ms, conflict)
    return InboundResult(result, shift_id, person.id, notices=(notice,))


def _acknowledged(working: WorkingSet, person: RosterEntry, command: Inbound) -> InboundResult:
    """A mere "ok thank you": an accept if it answers an offer, else there is nothing to say to it.

    A mere "thank you" accepts nothing, and is asked back if it answers an offer.
    """
    answer = command.reply.answers[0]
    made = working.live_offers(person.id)
    holds = any(_holds(working, person.id, offer) for offer in made)
    meant = offers.acknowledged(made, working.now_ms, person.last_notice_ms or 0, holds)
    if person.opted_out:
        meant = []  # it answers the carrier's goodbye
    accepts = answer.intent == "accept"
    if isinstance(meant, Offer):
        shift = working.shifts[meant.shift_id]
        if accepts and fits(answer.times, shift, working.rules.timezone, working.now_ms):
            return _accept_or_decline(working, person, "accept", meant.shift_id)
        ask = _at_another_time if accepts else _not_understood
        result = ask(working, person, meant.shift_id)
        _show(working, result, command.text)
        return result
    if accepts and _answerable(working, person.id, meant):
        return _ask_back(working, person, "accept", meant, acknowledgement=True)
    return _without_shift(working, person.id, "unknown", "unknown")


# --- asking back -------------------------------------------------------------------------------


def _not_understood(working: WorkingSet, person: RosterEntry, shift_id: str) -> InboundResult:
    working.record(shift_id, Replied(working.at(shift_id), person.id, "unknown", "unknown"))
    state, shift = working.fanouts[shift_id], working.shifts[shift_id]
    offer = working.offer(person.id, shift_id)
    code = offer.code if offer else None
    if state.holder == person.id:
        notice = Notice("unclear_but_yours", shift, code)
    elif state.status is Status.OPEN:
        notice = Notice("unclear", choices=((code or "", shift),))
    else:
        notice = Notice("unclear_and_closed", shift)
    helped_ms = person.last_notice_ms if offer is None else offer.helped_ms
    if _lately(working, helped_ms) or person.opted_out:
        return InboundResult("unknown", shift_id, person.id)
    if offer is not None:
        working.put_offer(offer._replace(helped_ms=working.now_ms))
    return InboundResult("unknown", shift_id, person.id, notices=(notice,))


def _at_another_time(working: WorkingSet, person: RosterEntry, shift_id: str) -> InboundResult:
    """Answers an accept that names another time than the shift's. This explanation is sent every time."""
    result = _not_understood(working, person, shift_id)
    offer = working.offer(person.id, shift_id)
    if offer is None or working.fanouts[shift_id].status is not Status.OPEN:
        return result
    return replace(result, notices=(Notice("other_time", working.shifts[shift_id], offer.code),))


def _ask_back(
    working: WorkingSet, person: RosterEntry, intent: Intent, could_mean: Sequence[Offer],
    acknowledgement: bool = False,
) -> InboundResult:  # fmt: skip
    """Names the offers that could be meant."""
    choices = _answerable(working, person.id, could_mean)
    if intent == "unknown":
        return _explain(working, person, choices)
    if intent == "accept" and len(choices) == 1 and _holds(working, person.id, choices[0]):
        return _accept_or_decline(working, person, intent, choices[0].shift_id)  # says yes again
    if choices:
        asked = _lately(working, person.last_asked_ms, ASK_EVERY_MS)
        if asked and (acknowledgement or intent == "decline"):
            return _without_shift(working, person.id, intent, "which_shift")
        working.put_person(replace(person, last_asked_ms=working.now_ms))
        for offer in choices:
            if not _told_here(person, offer):
                working.put_offer(offer._replace(helped_ms=working.now_ms))
        notice = Notice("which_shift", choices=_named(working, choices))
        return _without_shift(working, person.id, intent, "which_shift", notice)
    if _lately(working, person.last_notice_ms):
        return _without_shift(working, person.id, intent, "no_open_offer")
    return _without_shift(working, person.id, intent, "no_open_offer", Notice("no_open_offer"))


def _explain(working: WorkingSet, person: RosterEntry, choices: Sequence[Offer]) -> InboundResult:
    """How to answer the offers that could be meant, those of which they have not lately been told so."""
    untold = [offer for offer in choices if not _lately(working, offer.helped_ms)]
    if person.opted_out or (not untold and (choices or _lately(working, person.last_notice_ms))):
        return _without_shift(working, person.id, "unknown", "unknown")
    for offer in untold:
        working.put_offer(offer._replace(helped_ms=working.now_ms))
    if len(untold) == 1 and _holds(working, person.id, untold[0]):
        notice = Notice("unclear_but_yours", working.shifts[untold[0].shift_id], untold[0].code)
    else:
        notice = Notice("unclear", choices=_named(working, untold))
    return _without_shift(working, person.id, "unknown", "unknown", notice)


def _lately(working: WorkingSet, at_ms: int | None, within_ms: int = HELP_EVERY_MS) -> bool:
    """Whether it was less than `within_ms` ago, or later than now by a clock that was set back."""
    return at_ms is not None and working.now_ms - at_ms < within_ms


def _named(working: WorkingSet, made: Iterable[Offer]) -> tuple[tuple[str, Shift], ...]:
    return tuple((offer.code, working.shifts[offer.shift_id]) for offer in made)


def _answerable(working: WorkingSet, caregiver_id: str, made: Iterable[Offer]) -> list[Offer]:
    """Those offers that can still be answered: of shifts that are open, or that they hold."""
    found = [(offer, working.fanouts.get(offer.shift_id)) for offer in made]
    return [
        o for o, state in found if state and (state.status is Status.OPEN or state.holder == caregiver_id)
    ]


def _holds(working: WorkingSet, caregiver_id: str, offer: Offer) -> bool:
    state = working.fanouts.get(offer.shift_id)
    return state is not None and state.holder == caregiver_id


# --- what concerns no shift --------------------------------------------------------------------


def _without_shift(
    working: WorkingSet, caregiver_id: str, intent: Intent, status: ResultStatus, *notices: Notice
) -> InboundResult:
    working.note(Replied(working.now_ms, caregiver_id, intent, status))
    return InboundResult(status, None, caregiver_id, notices=notices)


def _opt_out(working: WorkingSet, person: RosterEntry) -> InboundResult:
    """No text is sent: the carrier confirms an opt-out itself."""
    working.consent(person, opted_out=True)
    for shift_id in sorted(offer.shift_id for offer in working.live_offers(person.id)):
        if working.fanouts[shift_id].status is Status.OPEN:
            working.apply(shift_id, OptOut(person.id))
    return _without_shift(working, person.id, "stop", "opted_out")


def _show(working: WorkingSet, result: InboundResult, text: str) -> None:
    """Shows a message to coordinators, with the shifts that it may be about."""
    caregiver_id = result.caregiver_id
    live = working.live_offers(caregiver_id)
    if result.status == "opted_out":
        about = [offer.shift_id for offer in live if _holds(working, caregiver_id, offer)]
    elif result.shift_id is not None:
        about = [result.shift_id]
    else:
        about = [offer.shift_id for offer in _answerable(working, caregiver_id, live) or live]
        about = [shift_id for shift_id in about if shift_id in working.fanouts]
    if text and (about or result.status != "opted_out"):
        working.show(result.status, *sorted(about), caregiver_id=caregiver_id, text=text)
