"""Which offer an answer means, and the codes that tell offers apart."""

from collections.abc import Collection, Iterable, Iterator
from itertools import count, product
from typing import NamedTuple

from core.reply import Answer, Intent

# Letters of offer codes: none of them reads as a word ("a", "I") or as an answer ("y", "n", "k", "r", "u").
CODE_LETTERS = "BCDFGHJLMPQTVWXZ"
DAY_MS = 86_400_000
# A bare "yes" means an offer of the last hour: most replies come within minutes (median 3.6, PMC3208889).
BARE_ANSWER_MS = 60 * 60_000


class Offer(NamedTuple):
    """A shift offered to a caregiver; it keeps its code through all rounds and generations.

    `made_ms`: when the latest round named the caregiver. `until_ms`: so long its code means it: until the
    shift ends, and for a day at least. `sent_ms`: when the latest text or call began, None before the first;
    `helped_ms`: when they last heard how to answer. `answer`: the caregiver's latest in this generation, at
    `answered_ms`; whoever has been told that the shift is gone has answered.
    """

    shift_id: str
    caregiver_id: str
    code: str
    generation: int
    made_ms: int
    until_ms: int
    sent_ms: int | None = None
    helped_ms: int | None = None
    answered_ms: int | None = None
    answer: Intent | None = None

    def answered(self, answer: Intent, at_ms: int) -> "Offer":
        return Offer(
            self.shift_id, self.caregiver_id, self.code, self.generation, self.made_ms, self.until_ms,
            self.sent_ms, self.helped_ms, at_ms, answer,
        )  # fmt: skip

    def again(self, generation: int, now_ms: int) -> "Offer":
        """The offer as a further round makes it: it may be answered anew in a new generation."""
        again = self._replace(made_ms=now_ms, until_ms=max(self.until_ms, now_ms + DAY_MS))
        if generation == self.generation:
            return again
        return again._replace(generation=generation, sent_ms=None, answered_ms=None, answer=None)


def new_code(used: Collection[str], reserved: Collection[str]) -> str:
    """The first code that is neither used nor reserved: one letter while there are any, then two, ...

    `reserved`: what would do for a code but is a word of some language.
    """
    return next(code for code in _codes() if code not in used and code not in reserved)


def _codes() -> Iterator[str]:
    for size in count(1):
        yield from map("".join, product(CODE_LETTERS, repeat=size))


def route(
    answer: Answer,
    offers: Iterable[Offer],
    now_ms: int,
    held_shift_ids: Collection[str] = (),
    gives_back: bool = False,
) -> Offer | list[Offer]:
    """The offer that `answer` means, or else those that it could mean, by code.

    `offers`: all of the caregiver's whose codes still count. Without a code only an offer of the last hour
    counts, and only if it is the only one. First come offers that are neither answered nor told closed; one
    whose shift was filled silently still counts, since the caregiver may mean it. Then come the answered
    ones, so that a repeated "yes" or a change of mind finds its shift.

    A bare answer may also mean a shift that the caregiver holds (`held_shift_ids`), if the unanswered offer
    came before its confirmation, and in any case if they say that they cannot come (`gives_back`).
    """
    live = list(offers)
    if answer.code is not None:
        named = [offer for offer in live if offer.code == answer.code]
        return named[0] if len(named) == 1 else _by_code(named or live)
    meant = [offer for offer in live if offer.sent_ms is not None and now_ms - offer.sent_ms < BARE_ANSWER_MS]
    unanswered = [offer for offer in meant if offer.answer is None]
    if unanswered:
        oldest_ms = min(offer.sent_ms or 0 for offer in unanswered)
        mine = [offer for offer in live if offer.shift_id in held_shift_ids and offer not in unanswered]
        unanswered += [o for o in mine if gives_back or (o.answered_ms or 0) >= oldest_ms]
        return unanswered[0] if len(unanswered) == 1 else _by_code(unanswered)
    return meant[0] if len(meant) == 1 else _by_code(live)


def acknowledged(
    offers: Iterable[Offer], now_ms: int, last_notice_ms: int, holds: bool = False
) -> Offer | list[Offer]:
    """The offer that a mere "ok thank you" accepts, or else those that it could mean, by code.

    They may say it to whatever they heard last, for example that another shift went to someone else. So it
    accepts the one offer that waits for an answer, if no other text went to them after it (`last_notice_ms`:
    the last one that concerned no offer) and they hold no shift that it may be about (`holds`).
    """
    recent = []
    for offer in offers:
        last_notice_ms = max(last_notice_ms, offer.helped_ms or 0, offer.answered_ms or 0)
        if now_ms - offer.made_ms < DAY_MS:
            recent.append(offer)
    waiting = [offer for offer in recent if offer.answer is None]
    fresh = [offer for offer in waiting if now_ms - (offer.sent_ms or 0) < BARE_ANSWER_MS]
    if len(fresh) == 1 and (fresh[0].sent_ms or 0) > last_notice_ms and not holds:
        return fresh[0]
    return _by_code(waiting)


def _by_code(offers: Iterable[Offer]) -> list[Offer]:
    return sorted(offers, key=lambda offer: offer.code)
