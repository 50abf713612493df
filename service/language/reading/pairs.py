"""Answers that name their offers: "yes B", "C no, B yes", "no to B and D"."""

from collections.abc import Sequence
from itertools import groupby
from typing import Literal

from service.language.reading.clauses import ANSWERING, JOINS, Part, but_at, has_digit
from service.language.reading.lexicon.table import Meaning

Pair = tuple[Literal["accept", "decline"], str]
"""An answer and the code of its offer."""

_SIGNS: dict[Meaning | None, Literal["accept", "decline"]] = {
    Meaning.YES: "accept", Meaning.COMMIT: "accept", Meaning.NO: "decline",
}  # fmt: skip
# What limits an answer, even one with a code.
_LIMITING = {Meaning.IF, Meaning.MATTER, Meaning.HEDGE, Meaning.ASK, Meaning.OTHER, Meaning.NOT}

# When somebody works in general, unlike a day of the shift.
_HABITS = frozenset(
    ["mornings", "evenings", "nights", "days", "weekday", "weekdays", "every day", "all week"]
)


def pairs(parts: Sequence[Part]) -> tuple[Pair, ...]:
    """The answers in a text, if each has its code and nothing limits them; otherwise none."""
    named = {part.code for part in parts if part.code}
    if not named:
        return ()
    but = but_at(parts)
    found = _shared(parts) or _in_pairs(parts) or (_in_pairs(parts[:but]) + _in_pairs(parts[but:]))
    if len(found) < len(named):
        clauses = groupby(parts, key=lambda part: part.clause)
        found = tuple(pair for _, clause in clauses for pair in _in_pairs(tuple(clause)))
    said = [code for _, code in found]
    if set(said) != named or len(said) != len(named) or (len(said) == 1 and but is not None):
        return ()
    limited = any(part.meaning in _LIMITING or part.words in _HABITS for part in parts) or _mixed(parts)
    return () if limited or (len(parts) > 2 and _taken_back(parts, found)) else found


def _shared(parts: Sequence[Part]) -> tuple[Pair, ...]:
    """One answer to several codes that "and" joins: "yes to B and D"."""
    signs = {_SIGNS[part.meaning] for part in parts if part.meaning in _SIGNS}
    codes = [at for at, part in enumerate(parts) if part.code is not None]
    if len(codes) < 2 or len(signs) != 1:
        return ()
    between = {part.words for part in parts[codes[0] : codes[-1]] if part.code is None}
    if not between or not between <= _JOINING:
        return ()
    sign = signs.pop()
    return tuple((sign, part.code) for part in parts if part.code is not None)


_JOINING = JOINS | {"e", "also", "plus"}


def _in_pairs(parts: Sequence[Part]) -> tuple[Pair, ...]:
    """Answers that all stand before their codes, or all after them."""
    signs: list[Literal["accept", "decline"] | None] = []  # None for a code
    codes: list[str] = []
    for part in parts:
        sign = _SIGNS.get(part.meaning)
        if part.code is not None:
            codes.append(part.code)
            signs.append(None)
        elif sign is not None and not (signs and signs[-1] == sign):
            signs.append(sign)
    before, after = signs[::2], signs[1::2]
    for answers, places in ((before, after), (after, before)):
        if len(answers) == len(places) == len(codes) and not any(places):
            return tuple((answer, code) for answer, code in zip(answers, codes, strict=True) if answer)
    return ()


def _taken_back(parts: Sequence[Part], found: Sequence[Pair]) -> bool:
    """Whether a refusal or a reason for one follows an accept: "Yes B. Sorry, I can't", "yes B im sick"."""
    coded = {part.clause for part in parts if part.code}
    answers = {code: answer for answer, code in found}
    last = None
    for part in parts:
        refuses = part.meaning is Meaning.REASON or (part.meaning is Meaning.NO and part.clause not in coded)
        if refuses and last == "accept":
            return True
        if part.code is not None:
            last = answers[part.code]
    return False


def _mixed(parts: Sequence[Part]) -> bool:
    """Whether an unknown word is a number, or stands in a clause with an answer or a code."""
    speaking = {part.clause for part in parts if part.code or part.meaning in ANSWERING}
    return any(part.meaning is None and (part.clause in speaking or has_digit(part)) for part in parts)
