"""What a caregiver's text means: `read(text)`.

A wrong "accept" sends someone to a shift they never agreed to, so an accept is never guessed: greetings
and thanks are dropped, and what is left must be answers and offer codes and nothing else. Everything
else is `unknown`, which costs one question back.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Literal

from core.record import record

Intent = Literal["accept", "decline", "unknown", "stop", "start", "help"]

# Letters of offer codes: none of them reads as a word ("a", "I") or as an answer ("y", "n", "k", "r", "u").
CODE_LETTERS = "BCDFGHJLMPQTVWXZ"

# Ten segments: the most that carriers deliver as one text.
LONGEST = 1_600
# Whole messages that carriers treat as opt-out, opt-in and help (Twilio, "Advanced Opt-Out"). YES opts
# in at the carrier too, but here it is an answer.
STOP = frozenset(["stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"])
START = frozenset(["start", "unstop"])
HELP = frozenset(["help", "info"])

_ACCEPT = (
    "yes", "y", "yep", "yeah", "yup", "ya", "ok", "okay", "sure", "accept", "1", "👍", "✅", "count me in",
    "i accept", "i can", "i can do it", "i can take it", "i can work it", "i do", "i got it", "i will",
    "i will be there", "i will do it", "i will take it", "i want it", "ill do it", "ill take it",
    "im in", "on it", "happy to", "will do", "i would love to", "mine",
)  # fmt: skip
_DECLINE = (
    "no", "n", "nope", "nah", "no way", "decline", "pass", "2", "👎", "❌", "i cant", "cant", "cannot",
    "i cannot", "i cant make it", "cant make it", "i cant do it", "cant do it", "i cant take it",
    "cant work", "i cant work", "cant today", "i cant today", "not today", "not tonight",
    "not available", "im not available", "unavailable",
    "i decline", "ill pass", "i pass", "not me", "not this time", "im busy", "busy", "im sick",
)  # fmt: skip
_FILLER = (
    "hi", "hello", "hey", "good morning", "good evening", "please", "pls", "thanks", "thank you", "thx",
    "ty", "sorry", "sir", "maam", "and", "actually",
)  # fmt: skip

_WORD = re.compile(r"[a-z0-9]+|[^\sa-z0-9]")
_PUNCTUATION = re.compile(r"[.,;:!\-–—()\"]+|[\u200d\ufe0f\U0001f3fb-\U0001f3ff]")


@record
class Answer:
    """One intent, and the code of the offer it is about if the caregiver named it."""

    intent: Intent
    code: str | None = None


@record
class Reply:
    """The answers in a text, in order (at least one), and in a few words why it was read so."""

    answers: tuple[Answer, ...]
    why: str


def _phrases() -> dict[tuple[str, ...], Intent | None]:
    table: dict[tuple[str, ...], Intent | None] = {}
    listed: tuple[tuple[Intent | None, tuple[str, ...]], ...] = (
        ("accept", _ACCEPT), ("decline", _DECLINE), (None, _FILLER),
    )  # fmt: skip
    for intent, phrases in listed:
        table.update((tuple(phrase.split()), intent) for phrase in phrases)
    return table


_PHRASES = _phrases()
_LONGEST = max(map(len, _PHRASES))


def read(text: str) -> Reply:
    """The meaning of `text`; `unknown` for anything that is not plainly an answer. Never raises."""
    if len(text) > LONGEST:
        return Reply((Answer("unknown"),), "too long")
    return _read(text)


@lru_cache(maxsize=4096)
def _read(text: str) -> Reply:
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'").replace("'", "")
    words = _WORD.findall(_PUNCTUATION.sub(" ", folded))
    if len(words) == 1:
        for intent, listed in (("stop", STOP), ("start", START), ("help", HELP)):
            if words[0] in listed:
                return Reply((Answer(intent),), f"the carriers' word {words[0]}")  # type: ignore[arg-type]
    tokens = _tokens(words)
    if tokens is None:
        return Reply((Answer("unknown"),), "more than answers and codes")
    return _pair(tokens)


def _tokens(words: list[str]) -> list[Answer | str] | None:
    """Intents (as answers without a code) and codes in order, or None if a word is neither."""
    tokens: list[Answer | str] = []
    at = 0
    while at < len(words):
        for size in range(min(_LONGEST, len(words) - at), 0, -1):
            phrase = tuple(words[at : at + size])
            if phrase in _PHRASES:
                intent = _PHRASES[phrase]
                if intent is not None:
                    tokens.append(Answer(intent))
                at += size
                break
        else:
            code = words[at].upper()
            if not (len(code) <= 3 and all(letter in CODE_LETTERS for letter in code)):
                return None
            tokens.append(code)
            at += 1
    return tokens


def _pair(tokens: list[Answer | str]) -> Reply:
    """Gives each code its intent, before it ("yes B") or after it ("B yes"), all in the same order."""
    unknown = Reply((Answer("unknown"),), "answers and codes do not pair")
    codes = [token for token in tokens if isinstance(token, str)]
    intents = [token for token in tokens if isinstance(token, Answer)]
    if not intents:
        return unknown
    if not codes:
        if len({answer.intent for answer in intents}) > 1:
            return Reply((Answer("unknown"),), "yes and no in one text")
        return Reply((intents[0],), "a plain answer")
    if len(codes) == 1 and len({answer.intent for answer in intents}) == 1:
        return Reply((Answer(intents[0].intent, codes[0]),), "an answer with its code")
    if len(codes) != len(intents) or len(set(codes)) != len(codes):
        return unknown
    pairs = list(zip(tokens[::2], tokens[1::2], strict=True))
    if all(isinstance(a, Answer) and isinstance(b, str) for a, b in pairs) or all(
        isinstance(a, str) and isinstance(b, Answer) for a, b in pairs
    ):
        return Reply(
            tuple(Answer(answer.intent, code) for answer, code in zip(intents, codes, strict=True)),
            "answers with their codes",
        )
    return unknown
