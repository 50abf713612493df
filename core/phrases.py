"""A text cut into the phrases of `core.lexicon`, each with what it says."""

import re
import unicodedata
from typing import NamedTuple

from core.lexicon import AGREEING_TOO, DO_IT, I_CAN, TABLE, Role

# Letters of offer codes: none of them reads as a word ("a", "I") or as an answer ("y", "n", "k", "r", "u").
CODE_LETTERS = "BCDFGHJLMPQTVWXZ"
LONGEST_CODE = 3

_YES_SIGNS = frozenset("👍✅✔☑👌🆗💪🙋🤝💯🙆")
_NO_SIGNS = frozenset("👎❌🚫✖🙅⛔❎")
_DOUBT_SIGNS = frozenset("🤷🤔❓❔😕⏳")

_WORD = re.compile(r"[a-z0-9+%$]+|[^\sa-z0-9+%$]")
_JOINERS = re.compile(r"[\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")
_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
_DOUBLED = re.compile(r"(.)\1+$")
BREAKS = frozenset(',.;:!-–—()"…/&\n*~_[]¡|«»“”')
# "1F" and "C1", as pressed on a phone.
_GLUED = re.compile(
    rf"\b(?!\d?pm\b)(?:([12])([{CODE_LETTERS.lower()}]{{1,3}})|([{CODE_LETTERS.lower()}]{{1,3}})([12]))\b"
)
_POLITE = frozenset(["po", "ho"])  # Tagalog puts them anywhere
_SHORTEST_TYPO = 6
# Words long enough to be recognised with one letter wrong.
_OFTEN_MISSPELT = frozenset(
    ["accept", "accepted", "absolutely", "definitely", "available", "availability", "affirmative",
     "confirmed", "certainly", "unavailable", "cannot", "working", "interested", "tomorrow",
     "disponible", "aceptado", "confirmado", "trabajar", "imposible", "ocupado", "ocupada",
     "enfermo", "enferma", "disponib", "posib", "appointment", "vacation"]
)  # fmt: skip


class Part(NamedTuple):
    """A phrase of the text. `role`: None for a word that is not known; `code`: the offer that it names.

    `first`: nothing but greetings stand before it in its clause; `clause` counts clauses from 0.
    """

    role: Role | None
    words: str
    clause: int
    first: bool
    code: str | None = None


def fold(text: str) -> str:
    """One way to write what may be written in many; accents matter only in `sí` and `él`."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = _JOINERS.sub("", folded)
    folded = re.sub(r"[’‘ʼ`´']", "", folded)
    folded = re.sub(r"\bsí\b", "si+", folded)
    folded = re.sub(r"\bél\b", "el+", folded)
    if not folded.isascii():
        folded = "".join(
            c for c in unicodedata.normalize("NFKD", folded) if unicodedata.category(c) not in _DROPPED
        )
    return folded


_DROPPED = ("Mn", "Cf", "Cc", "Cs", "Co", "Cn")


def _phrases() -> dict[tuple[str, ...], Role]:
    words: dict[str, str] = {}  # each word once: the same few stand in thousands of phrases
    found: dict[tuple[str, ...], Role] = {}

    def add(role: Role, phrase: str) -> None:
        found[tuple(words.setdefault(word, word) for word in phrase.split())] = role

    for role, text in TABLE.items():
        for phrase in text.split(","):
            add(role, phrase)
    for can in I_CAN.split(","):
        for do in DO_IT.split(","):
            add(Role.COMMIT, f"{can} {do}")
    return found


_PHRASES = _phrases()
KNOWN = {word for phrase in _PHRASES for word in phrase}
# What would do for a code, and is a word of some language.
NO_CODES = frozenset(
    word.upper()
    for word in KNOWN
    if 1 < len(word) <= LONGEST_CODE and not set(word.upper()) - set(CODE_LETTERS)
)
_LONGEST: dict[str, int] = {}
for _phrase in _PHRASES:
    _LONGEST[_phrase[0]] = max(len(_phrase), _LONGEST.get(_phrase[0], 0))


def _without_one(word: str) -> set[str]:
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


_TYPOS: dict[str, str] = {}
for _word in sorted(_OFTEN_MISSPELT):
    for _variant in _without_one(_word):
        _TYPOS.setdefault(_variant, _word)


def words_of(text: str) -> list[str]:
    """The words of a text as the lexicon writes them, and each mark between them."""
    apart = _GLUED.sub(r"\1\3 \2\4", fold(text))
    return [_spelt(word) for word in _WORD.findall(apart) if word not in _POLITE]


def _spelt(word: str) -> str:
    """The word as it is known: with fewer repeated letters, or with one letter put right."""
    word = _ALIASES.get(word, word)
    if word in KNOWN or not word[0].isalpha():
        return word
    for written in (r"\1", r"\1\1"):
        shorter = _REPEATED.sub(written, word)
        if shorter != word and shorter in KNOWN:
            return shorter
    single = _DOUBLED.sub(r"\1", word)
    if single in KNOWN and len(single) > 1:
        return single
    if len(word) >= _SHORTEST_TYPO:
        for variant in (word, *sorted(_without_one(word))):
            if variant in _TYPOS:
                return _TYPOS[variant]
    return word


# How words are often shortened on a phone.
_ALIASES = {
    "aq": "ako", "aku": "ako", "akoh": "ako", "pde": "pwede", "pwde": "pwede", "pwd": "pwede",
    "kiero": "quiero", "nn": "non", "hnd": "hindi", "hndi": "hindi", "hinde": "hindi", "tnk": "thanks",
    "wrk": "work", "wrking": "working", "avl": "available", "cud": "could", "wud": "would", "nto": "not",
    "cnat": "cant", "tke": "take", "tkae": "take", "tale": "take", "avlbl": "available", "wil": "will",
    "luv": "love", "sched": "scheduled", "kc": "kasi", "slamat": "salamat",
}  # fmt: skip


CODES = frozenset(letter.lower() for letter in CODE_LETTERS)
ACKNOWLEDGING = frozenset(["ok", "okay", "k", "kk", "yeah", "yea", "alright", "sige", "bueno", "oke"])
AGREEING = (
    ACKNOWLEDGING | {" ".join(phrase.split()) for phrase in AGREEING_TOO.split(",")} | set("👍👌✅✔☑🆗💯💪💚")
)


def cut(words: list[str]) -> list[Part]:
    """The phrases of a text, the longest first."""
    parts: list[Part] = []
    at, clause, first = 0, 0, True
    digits = {digit for digit in "12" if digit in words and all(_beside_digit(w, digit) for w in words)}
    while at < len(words):
        word = words[at]
        if word in BREAKS:
            clause, first, at = clause + 1, True, at + 1
            continue
        role, size = _longest(words, at)
        code = None
        if size == 1 and _is_code(words, at, role):
            role, code = Role.PLAIN, word.upper()
        elif word in ("1", "2") and word not in digits:
            role = None  # a number among others, or of something
        elif word in ("si", "si+") and size == 1:
            role = _si(words, at, first)
        elif word in _YES_FIRST and size == 1 and not first:
            role = Role.PLAIN
        elif (
            size <= 2
            and parts
            and parts[-1].clause == clause
            and " ".join(words[at : at + size]) in _GOVERNED
        ):
            if parts[-1].role is Role.NO:
                role = Role.PLAIN  # "not able to" + "accept"
            elif parts[-1].role is Role.NOT:
                role = Role.NO
        elif word == "not" and size == 1 and at + 1 < len(words) and _is_code(words, at + 1, None):
            role = Role.NO
        elif role is Role.NO and size == 1 and word in _BARE_NO and not first and not _beside_code(words, at):
            role = Role.NOT
        elif word == "may" and size == 1 and at and words[at - 1] in ("i", "it", "we", "you"):
            role = Role.HEDGE
        elif size == 1 and role is Role.PLAIN and _is_no_code(words, at):
            role = None
        clause += role is Role.BUT
        parts.append(Part(role, " ".join(words[at : at + size]), clause, first, code))
        soft = role is Role.YES and parts[-1].words in ACKNOWLEDGING
        first = role is Role.BUT or (first and (soft or role in (Role.PLAIN, Role.DAY, Role.WISH)))
        at += size
    return parts


# Yes only where a clause begins; elsewhere "and", "already", a game of football.
_YES_FIRST = frozenset(["y", "ya", "k", "g", "ge", "game", "bet", "def", "we"])
# What a negation before it denies.
_GOVERNED = frozenset(
    ["accept", "available", "avail", "free", "take it", "take", "taking it", "be there", "b there",
     "coming", "on it", "libre", "disponible", "disponib", "dispo", "puedo", "pwede", "kaya",
     "aksepte", "commit", "interested", "game"]
)  # fmt: skip
_BARE_NO = frozenset(["no", "non", "n", "nada", "never", "indi"])


def _beside_code(words: list[str], at: int) -> bool:
    after = next((n for n in range(at + 1, min(at + 4, len(words))) if words[n] not in _FILLERS_OF_CODES), at)
    return any(
        0 <= near < len(words) and near != at and _is_code(words, near, None) for near in (at - 1, after)
    )


def _beside_digit(word: str, digit: str) -> bool:
    """Whether a word leaves 1 and 2 the meaning that they have on the phone."""
    role = _PHRASES.get((word,))
    return word in ("1", "2") or role is (Role.YES if digit == "1" else Role.NO) or _plain(word)


def _plain(word: str) -> bool:
    return not word.isalnum() or _PHRASES.get((word,)) is Role.PLAIN or _spells_a_code(word)


def _spells_a_code(word: str) -> bool:
    return len(word) <= LONGEST_CODE and all(letter in CODES for letter in word)


def _longest(words: list[str], at: int) -> tuple[Role | None, int]:
    """The role of the longest phrase that begins at a word, and how many words it has."""
    word = words[at]
    for size in range(min(_LONGEST.get(word, 0), len(words) - at), 0, -1):
        role = _PHRASES.get(tuple(words[at : at + size]))
        if role is not None:
            return role, size
    if word in _YES_SIGNS:
        return Role.YES, 1
    if word in _NO_SIGNS:
        return Role.NO, 1
    if word in _DOUBT_SIGNS:
        return Role.HEDGE, 1
    if len(word) == 1 and unicodedata.category(word) in ("So", "Sk"):
        return Role.PLAIN, 1  # a picture of no meaning of its own
    return None, 1


def _is_code(words: list[str], at: int, role: Role | None) -> bool:
    """Whether a word names an offer. Letters that are also words do so beside an answer only."""
    word = words[at]
    if not _spells_a_code(word):
        return False
    if role is None:
        return True
    if word.upper() in NO_CODES:
        return False
    before = next((w for w in reversed(words[max(0, at - 3) : at]) if w not in _FILLERS_OF_CODES), None)
    after = next((w for w in words[at + 1 : at + 4] if w not in BREAKS), None)
    ends = at + 1 == len(words) or words[at + 1] in BREAKS or after in JOINS
    begins = at == 0 or words[at - 1] in BREAKS
    if at >= 2 and words[at - 1] in JOINS and words[at - 2] in CODES and ends:
        return True  # "B and D"
    beside = ends or after in _ANSWERS
    return (beside and before in _ANSWERS) or (begins and after in _ANSWERS)


def _is_no_code(words: list[str], at: int) -> bool:
    """Whether a single letter stands where a code would, and is none."""
    last = at + 1 == len(words) or words[at + 1] in BREAKS
    return len(words[at]) == 1 and words[at].isalpha() and last and at > 0 and words[at - 1] in _ANSWERS


_FILLERS_OF_CODES = frozenset(
    ["to", "for", "on", "the", "shift", "letter", "option", "code", "sa", "al", "a", "la", "turno",
     "thanks", "please", "pls", "gracias", "mesi", "salamat"]
)  # fmt: skip
JOINS = frozenset(["and", "y", "at", "ak"])
_ANSWERS = frozenset(
    ["yes", "y", "yeah", "yep", "ok", "okay", "sure", "accept", "1", "si", "si+", "oo", "opo",
     "sige", "wi", "take", "no", "n", "nope", "pass", "decline", "2", "hindi", "non", "cant",
     "dake", "acepto", "puedo"]
)  # fmt: skip


def _si(words: list[str], at: int, first: bool) -> Role:
    """`si` is yes in Spanish with its accent and often without it; else, and in Creole, it is if."""
    if words[at] == "si+" or at + 1 == len(words):
        return Role.YES
    if not first and not (at and words[at - 1] in ("ok", "okay", "claro", "oye", "ay", "pues", "que")):
        return Role.IF
    following = words[at + 1]
    role, _ = _longest(words, at + 1)
    if following in BREAKS or following in _ANSWERS or role in (Role.YES, Role.COMMIT):
        return Role.YES
    if role is Role.PLAIN and following not in _AFTER_IF:
        return Role.YES
    return Role.YES if following in ("senora", "senor", "claro") or _is_code(words, at + 1, None) else Role.IF


_AFTER_IF = frozenset(
    ["me", "te", "le", "les", "lo", "la", "los", "las", "el", "yo", "mwen", "m", "ou", "w", "li",
     "nou", "se", "es", "ya", "a", "al", "en", "de", "un", "una"]
)  # fmt: skip
