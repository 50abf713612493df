"""Whether a text refuses: for its sender and without condition, whatever the reasons."""

import re

from service.language.reading.clauses import ACKNOWLEDGING, CONCLUDING, Part, but_at, has_digit
from service.language.reading.consent import Verdict, unknown
from service.language.reading.lexicon.refusal import CANNOT
from service.language.reading.lexicon.table import Meaning, phrases

_REFUSING = {Meaning.NO, Meaning.REASON}
_ACCEPTING = {Meaning.YES, Meaning.COMMIT}


def conclusion(parts: list[Part]) -> Verdict | None:
    """The answer that a text ends in after its reasons: "i found a sitter so yes", "i have class so no"."""
    ends = [at for at, part in enumerate(parts) if part.words in CONCLUDING]
    said = {part.meaning for part in parts[ends[-1] + 1 :]} if ends else set()
    if said & _ACCEPTING and said <= _ACCEPTING | {Meaning.PLAIN}:
        open_to = {part.meaning for part in parts} & {Meaning.ASK, Meaning.IF, Meaning.BUT}
        return None if open_to else Verdict("accept", "so it ends")
    if Meaning.NO in said and said <= _REFUSING | {Meaning.PLAIN, Meaning.DAY}:
        return Verdict("decline", "so it ends")
    return None


def refusal(parts: list[Part]) -> Verdict | None:
    """The verdict on a text with a refusal in it; None if there is none."""
    first = next((part for part in parts if part.meaning in _REFUSING), None)
    if first is None:
        return None
    meanings = {part.meaning for part in parts}
    wished = _overridden(parts)
    if meanings & _ACCEPTING and not _only_polite(parts, first) and not wished:
        return None if _conceded(parts) else unknown("yes and no in one text")
    noes = {part.clause for part in parts if part.meaning in (_REFUSING if wished else {Meaning.NO})}
    if _conditional(parts, noes):
        return unknown("a refusal with a condition")
    matters = {part.clause for part in parts if part.meaning is Meaning.MATTER}
    if matters and noes <= matters:
        return unknown("a refusal of another matter")
    before = {part.meaning for part in parts[: parts.index(first)] if part.clause == first.clause}
    if Meaning.HEDGE in before:
        return unknown("a doubt before a refusal")
    named = any(part.code for part in parts)
    if not noes and first.words in _VAGUE and (named or meanings & {Meaning.HEDGE, Meaning.ASK}):
        return unknown("a doubt")  # "i got B" may be either
    if any(part.meaning is Meaning.ASK and part.first for part in parts):
        return unknown("a question")
    if first.meaning is Meaning.NO and Meaning.OTHER in before:
        return unknown("somebody else's refusal")
    return Verdict("decline", "a refusal")


def gives_back(parts: list[Part]) -> bool:
    """Whether a refusal says that its sender cannot come, or gives something back, in so many words."""
    return any(part.meaning in _REFUSING and _CANNOT.search(part.words) for part in parts)


def is_bare_no(parts: list[Part]) -> bool:
    """Whether a refusal is a "no" and nothing else: "no sorry"."""
    said = [part for part in parts if part.meaning is not Meaning.PLAIN]
    return all(part.meaning is Meaning.NO and part.words.split(" ", 1)[0] in _NO for part in said)


_NO = frozenset(["no", "nope", "nah", "n", "nop", "non", "2", "👎", "❌", "decline", "pass", "indi"])
_CANNOT = re.compile(rf"\b({'|'.join(phrases(CANNOT))})\b")


def _conceded(parts: list[Part]) -> bool:
    """Whether all reasons against it stand before "but", and a consent after: "in church but yes"."""
    but = but_at(parts) or 0
    before, after = {part.meaning for part in parts[:but]}, {part.meaning for part in parts[but:]}
    return not before & (_ACCEPTING | {Meaning.NO}) and not after & _REFUSING


def _only_polite(parts: list[Part], first: Part) -> bool:
    """Whether the consent before a refusal is mere politeness: "ok no thank you"."""
    consents = [part for part in parts if part.meaning in _ACCEPTING]
    polite = all(part.meaning is Meaning.YES and part.words in ACKNOWLEDGING for part in consents)
    return polite and parts.index(first) > 0


def _overridden(parts: list[Part]) -> bool:
    """Whether a refusal overrides a consent that is past or only a wish: "id say yes but im working"."""
    wish = next(
        (at for at, part in enumerate(parts) if part.meaning in _NO_CONSENT or part.words in _BEFORE), None
    )
    but = but_at(parts)
    if wish is None or but is None or wish > but:
        return False
    after = {part.meaning for part in parts[but:]}
    return bool(after & _REFUSING) and not after & _ACCEPTING


_NO_CONSENT = {Meaning.WISH, Meaning.NO, Meaning.HEDGE}
# In "yes i saw it but i cant" the yes is about having seen it; in "i said yes but" it is past.
_BEFORE = frozenset(
    ["i saw", "saw", "vi", "ya vi", "si lo vi", "i got it", "got it", "received", "recibi",
     "i said yes"]
)  # fmt: skip


def _conditional(parts: list[Part], noes: set[int]) -> bool:
    """Whether a refusal depends on something: "unless", or "until" with a time of day."""
    last = max(part.clause for part in parts if part.meaning in _REFUSING)
    for at, part in enumerate(parts):
        if part.meaning is not Meaning.IF:
            continue
        if part.words not in _OF_TIME:
            if part.clause >= last:
                return True
        elif (part.clause in noes or not noes) and any(map(_is_hour, parts[at + 1 : at + 3])):
            return True
    return False


def _is_hour(part: Part) -> bool:
    return has_digit(part) and not part.words.startswith("date")


_OF_TIME = frozenset(
    """until til till untill after before by late leave early earlier hours hour hrs hr start starting starts
    hasta despues antes desde temprano horas hora mientras hanggang pagkatapos bago jis jiska jiskaske
    anvan apre past beyond""".split()  # noqa: SIM905
)
# What begins a reason or something else, depending on what follows: "i have to ask my husband".
_VAGUE = frozenset(
    ["i have", "ive got", "have a", "have to", "i got", "gotta", "tengo", "tengo que", "mwen gen", "m gen",
     "at work", "at my other job"]
)  # fmt: skip
