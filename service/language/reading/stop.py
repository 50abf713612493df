"""A "stop" that stands for itself, with other talk beside it: "STOP. Wrong number", "Stop, I quit".

`optout` finds requests that need nothing else. Here "stop" is a clause of its own or begins one. What stands
beside it decides: it must not consent, correct what was said before, or joke.
"""

from collections.abc import Iterator, Sequence
from itertools import dropwhile

from service.language.reading.lexicon.stop import (
    ABOUT_A_STOP,
    AFTER_STOP,
    BESIDE_STOP,
    COMPOUND_AFTER,
    COMPOUND_BEFORE,
    NOT_SOMEBODY,
    NOT_THEM,
    OTHER_WORDS,
    STOP_WORDS,
    UNCLEAR,
)
from service.language.reading.phrases import BREAKS, DASHES, KNOWN

_WORDS = STOP_WORDS | OTHER_WORDS


def beside_stop(words: Sequence[str]) -> list[str] | None:
    """The words of a text besides a "stop" that stands for itself; None if it has none."""
    if _WORDS.isdisjoint(words):
        return None
    beside: list[str] = []
    asked = certain = False
    for clause in _clauses(words):
        spoken = [word for word in clause if word.isalnum()]
        if "?" not in clause and _is_alone(spoken):
            asked, certain = True, certain or not STOP_WORDS.isdisjoint(spoken)
            beside += [word for word in clause if not word.isalnum()]
        elif (following := _after_stop(spoken)) is not None:
            asked = certain = True
            beside += [*following, "."]
        else:
            beside += [*clause, "."]
    return beside if asked and (certain or _is_somebody_else(beside)) else None


def _is_alone(spoken: Sequence[str]) -> bool:
    """Whether a clause says nothing but "stop", with courtesies."""
    if _WORDS.isdisjoint(spoken) or not all(word in _WORDS or word in BESIDE_STOP for word in spoken):
        return False
    return ABOUT_A_STOP.search(" ".join(spoken)) is None


def _after_stop(spoken: Sequence[str]) -> Sequence[str] | None:
    """What follows a "stop" at the beginning of a clause, if it is a sentence of its own; otherwise None."""
    following = list(dropwhile(_BEFORE_SENTENCES.__contains__, spoken))
    begins = "stop" in spoken[: len(spoken) - len(following)] and not AFTER_STOP.isdisjoint(following[:1])
    return following if begins else None


_BEFORE_SENTENCES = (BESIDE_STOP | {"stop"}) - AFTER_STOP


def _is_somebody_else(words: Sequence[str]) -> bool:
    """Whether the sender says that they are not the one who is asked."""
    said = " ".join(words)
    named = NOT_SOMEBODY.search(said)
    return NOT_THEM.search(said) is not None or (named is not None and named[1] not in KNOWN)


def is_unclear(beside: Sequence[str]) -> bool:
    """Whether words beside a "stop" correct something or joke, so that it may not be about the texts."""
    return not UNCLEAR.isdisjoint(beside)


def _clauses(words: Sequence[str]) -> Iterator[list[str]]:
    """The words between punctuation marks. A hyphen in a compound is none: "non-stop", "stop-and-go"."""
    clause: list[str] = []
    for at, word in enumerate(words):
        if word not in BREAKS:
            clause.append(word)
        elif not (word in DASHES and _joins(words, at)) and clause:
            yield clause
            clause = []
    if clause:
        yield clause


def _joins(words: Sequence[str], at: int) -> bool:
    before, after = words[at - 1 : at], words[at + 1 : at + 2]
    return (list(after) == ["stop"] and not COMPOUND_BEFORE.isdisjoint(before)) or (
        list(before) == ["stop"] and not COMPOUND_AFTER.isdisjoint(after)
    )
