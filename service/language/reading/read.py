"""What a caregiver's text means: `read(text)`. English, Spanish, Tagalog and Haitian Creole may be mixed.

A wrong "accept" sends someone to a shift they never agreed to, so an accept is never guessed: it needs
consent in so many words, and nothing else in the text that could limit it, not even an unknown word. A
refusal may come with reasons. Everything else is `unknown`, which costs one question back.

Lines that only sign a text are left out. The rest is folded and cut into the phrases of the lexicon. Then
these questions are asked, in this order: Does it opt out? Is it a question? Does it refuse, and is the
refusal the sender's own and without condition? Does it consent, and is there no condition, doubt, other
person or matter beside it? Is a consent a whole text, or may more come that limits it?
"""

import re
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from core.reply import Answer, Intent, Reply, TimeMark
from service.language.reading import optout
from service.language.reading.clauses import ANSWERING, Part, cut
from service.language.reading.consent import consent
from service.language.reading.lexicon.table import Meaning
from service.language.reading.pairs import pairs
from service.language.reading.phrases import BREAKS, words_of
from service.language.reading.refusal import conclusion, gives_back, is_bare_no, refusal
from service.language.reading.signature import without_signature
from service.language.reading.stop import beside_stop, is_unclear
from service.language.reading.times import time_marks
from service.language.reading.unfinished import SHORTEST_PIECE, breaks_off, fills_an_sms

# Ten segments: the most that carriers deliver as one text.
LONGEST = 1_600
_MOST_WORDS = 60  # of an answer, even with its reasons
# How phones report that somebody has tapped a reaction onto a message.
_REACTION = re.compile(
    r"(liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|reacted|removed|le gust|le enc)\w*.*[“\"«]",
    re.IGNORECASE,
)
# The carriers' opt-in word that is an answer here; the others (START, UNSTOP) are not.
_OPT_IN_WORD = "yes"
_UNKNOWN = Answer("unknown")


def read(text: str) -> Reply:
    """The meaning of `text`; `unknown` for anything that is not plainly an answer. Never raises."""
    if len(text) > LONGEST:
        return Reply((_UNKNOWN,), "too long")
    return _read(text)


@lru_cache(maxsize=4096)
def _read(text: str) -> Reply:
    lines = text.splitlines()
    line = " ".join(text.split())
    may_go_on = len(text) >= SHORTEST_PIECE and fills_an_sms(text)
    if len(lines) > 1:
        unsigned = " ".join(without_signature(lines).split())
        line, may_go_on = unsigned, may_go_on and unsigned == line
    reply = _understood(line, may_go_on)
    return replace(reply, opt_in_word=True) if line.casefold() == _OPT_IN_WORD else reply


def _understood(text: str, may_go_on: bool) -> Reply:
    """The meaning of a text in one line. `may_go_on`: it may be the first of several pieces."""
    if _REACTION.match(text):
        return Reply((_UNKNOWN,), "a reaction to a message")
    words = words_of(text)
    spelt = optout.spelt(words)
    wish = optout.wish([word for word in spelt if word not in BREAKS])
    if wish is not None:
        code = _only_code(cut(words)) if wish == "decline" else None
        return Reply((Answer(wish, code),), f"asks for {wish}")
    beside = beside_stop(spelt)
    if beside is not None:
        return _stopped(beside)
    if len(words) > _MOST_WORDS:
        return Reply((_UNKNOWN,), "too long")
    parts = cut(words)
    reply = _answered(words, parts)
    if "accept" in reply.intents and (may_go_on or breaks_off(words, parts)):
        return Reply((_UNKNOWN,), "an unfinished sentence", offer_code=_only_code(parts))
    return reply


def _only_code(parts: list[Part]) -> str | None:
    """The code that a text names; None if it names none or several."""
    codes = [part.code for part in parts if part.code is not None]
    return codes[0] if len(codes) == 1 else None


def _stopped(beside: list[str]) -> Reply:
    """The meaning of a text with a "stop" that stands for itself, and of the words beside it."""
    parts = cut(beside[:_MOST_WORDS])
    answer = _answered(beside, parts)
    polite = answer.acknowledgement and all(part.meaning is not Meaning.COMMIT for part in parts)
    if is_unclear(beside) or ("accept" in answer.intents and not polite):
        return Reply((_UNKNOWN,), "something is to stop")
    return Reply((Answer("stop"),), "asks for stop")


def _answered(words: list[str], parts: list[Part]) -> Reply:
    """The meaning of a text that asks for nothing about the texts themselves."""
    code = _only_code(parts)
    if "?" in words or "¿" in words:
        return Reply((_UNKNOWN,), "a question", offer_code=code)
    if parts and parts[0].words == "stop":
        return Reply((_UNKNOWN,), "something is to stop")
    named = pairs(parts)
    if named:
        answers = tuple(
            Answer(intent, code, _times(_beside(parts, code, len(named)), intent)) for intent, code in named
        )
        return Reply(answers, "answers with their codes", gives_back=gives_back(parts))
    if code is None and any(part.code is not None for part in parts):
        return Reply((_UNKNOWN,), "answers and codes do not pair")
    return _one_answer(parts, code)


def _one_answer(parts: list[Part], code: str | None) -> Reply:
    """The meaning of a text with one answer at most, which may name its offer by `code`."""
    verdict = conclusion(parts) or refusal(parts) or consent(parts)
    if verdict.intent == "unknown":
        return Reply((_UNKNOWN,), verdict.why, verdict.acknowledgement, offer_code=code)
    return Reply(
        (Answer(verdict.intent, code, _times(parts, verdict.intent)),),
        verdict.why,
        verdict.acknowledgement,
        gives_back=verdict.intent == "decline" and gives_back(parts),
        bare_no=verdict.intent == "decline" and is_bare_no(parts),
    )


def _beside(parts: list[Part], code: str, answers: int) -> list[Part]:
    """The part of the text that belongs to one of several codes: up to its neighbors' parts."""
    if answers == 1:
        return parts
    places = [at for at, part in enumerate(parts) if part.code is not None]
    borders = [0, *(_border(parts, one, other) for one, other in pairwise(places)), len(parts)]
    nth = next(n for n, at in enumerate(places) if parts[at].code == code)
    return parts[borders[nth] : borders[nth + 1]]


def _border(parts: list[Part], one: int, other: int) -> int:
    """Where the text that belongs to one code ends and that of the other code begins."""
    signs = [at for at, part in enumerate(parts) if part.meaning in ANSWERING]
    for at in range(one + 1, other):
        if parts[at].clause > parts[one].clause or (signs[0] < one and at in signs):
            return at
    return other


def _times(parts: list[Part], intent: Intent) -> tuple[TimeMark, ...]:
    """The times and days that an answer names; not the end of a refusal ("no, until 5")."""
    said = parts
    if intent == "decline":
        clause = next((part.clause for part in parts if part.meaning in (Meaning.NO, Meaning.REASON)), 0)
        said = [part for part in parts if part.clause == clause]
        said = said[: next((at for at, part in enumerate(said) if part.meaning is Meaning.IF), len(said))]
    return tuple(mark for part in said for mark in time_marks(part.words))
