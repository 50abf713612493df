"""The words of a text as the lexicon writes them, and what its phrases mean by themselves."""

import re
import sys
import unicodedata
from collections.abc import Sequence

from core.offers import CODE_LETTERS
from service.language.reading.lexicon import consent
from service.language.reading.lexicon.table import TABLE, Meaning, phrases
from service.language.reading.times import is_mark, marked

CODES = frozenset(CODE_LETTERS.lower())
LONGEST_CODE = 3

YES_SIGNS = frozenset("👍✅✔☑👌🆗💪🙋🤝💯🙆")
NO_SIGNS = frozenset("👎❌🚫✖🙅⛔❎")
_DOUBT_SIGNS = frozenset("🤷🤔❓❔😕⏳")

_WORD = re.compile(r"[a-z0-9+%$]+|[^\sa-z0-9+%$]")
_JOINERS = re.compile(r"[\u200d\u20e3\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")
_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
_ANY_REPEATED = re.compile(r"(.)\1+")
_DOUBLED = re.compile(r"(.)\1+$")
DASHES = frozenset("-–—~")
BREAKS = DASHES | frozenset(',.;:!()"…/&*_[]¡|«»“”')
# "1F" and "C1", as pressed on a phone.
_GLUED = re.compile(
    rf"\b(?!\d?pm\b)(?:([12])([{CODE_LETTERS.lower()}]{{1,3}})|([{CODE_LETTERS.lower()}]{{1,3}})([12]))\b"
)
_POLITE = frozenset(["po", "ho", "naman", "nmn", "talaga", "pala"])  # Tagalog puts them anywhere
_SHORTEST_TYPO, _LONGEST_TYPO = 6, 20
# Folding may make one character many.
LONGEST_FOLDED = 2_000
_DIGIT = re.compile("[0-9]")
_MASKED = re.compile(r"\b[a-z]\*+\w*")
# Words long enough to be recognized with one letter wrong.
_OFTEN_MISSPELT = frozenset(
    ["accept", "accepted", "absolutely", "definitely", "available", "availability", "affirmative",
     "confirmed", "certainly", "unavailable", "cannot", "working", "interested", "tomorrow",
     "disponible", "aceptado", "confirmado", "trabajar", "imposible", "ocupado", "ocupada",
     "enfermo", "enferma", "disponib", "posib", "appointment", "vacation"]
)  # fmt: skip


def fold(text: str) -> str:
    """One way to write what may be written in many; accents matter only in `sí` and `él`."""
    if text.isascii():
        folded = text.casefold()
        return _APOSTROPHES.sub("", _CONTROLS.sub("", folded))
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = _APOSTROPHES.sub("", _JOINERS.sub("", folded))
    folded = _ACCENTED_YES.sub("si+", folded)
    folded = _ACCENTED_HE.sub("el+", folded)
    decomposed = unicodedata.normalize("NFKD", folded)
    return "".join(c for c in decomposed if unicodedata.category(c) not in _DROPPED)


_APOSTROPHES = re.compile(r"[’‘ʼ`´']")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_ACCENTED_YES, _ACCENTED_HE = re.compile(r"\bsí\b"), re.compile(r"\bél\b")
_DROPPED = ("Mn", "Cf", "Cc", "Cs", "Co", "Cn")


Phrase = tuple[str, ...]


def _phrases() -> dict[Phrase, Meaning]:
    found: dict[Phrase, Meaning] = {}
    for meaning, text in TABLE.items():
        for phrase in phrases(text):
            words = _words(phrase)
            found[words] = meaning
            if words[0] == "cant" and meaning is not Meaning.NO:
                found |= {(*cannot, *words[1:]): meaning for cannot in _CANNOT}
    return found


_CANNOT = [("i", "cant"), ("cannot",), ("i", "cannot"), ("can", "not"), ("i", "can", "not")]


def _words(phrase: str) -> Phrase:
    return tuple(sys.intern(word) for word in phrase.split() if word not in _POLITE)


_PHRASES = _phrases()
PROMISES = frozenset(map(_words, phrases(consent.PROMISES)))
_DEEDS = frozenset(map(_words, phrases(consent.DEEDS)))
KNOWN = {word for phrase in (*_PHRASES, *PROMISES, *_DEEDS) for word in phrase}
RESERVED_CODES: frozenset[str] = frozenset(
    word.upper() for word in KNOWN if 1 < len(word) <= LONGEST_CODE and CODES.issuperset(word)
)
"""Words that consist of code letters, such as "GM". No offer gets one of them as its code."""
_LONGEST: dict[str, int] = {}
for _phrase in (*_PHRASES, *PROMISES):
    _LONGEST[_phrase[0]] = max(len(_phrase), _LONGEST.get(_phrase[0], 0))


def _without_one(word: str) -> set[str]:
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


# Words that are recognized with their letters in another order, except for the first.
_SWAPPED = {
    (word[0], "".join(sorted(word))): word
    for word in """able take will work cover have there shift please thanks going gonna coming cant yeah sure
    sorry available tomorrow monday tuesday friday today puedo gracias turno pwede
    salamat""".split()  # noqa: SIM905
}
_TYPOS: dict[str, str] = {}
for _word in sorted(_OFTEN_MISSPELT):
    for _variant in _without_one(_word):
        _TYPOS.setdefault(_variant, _word)


def words_of(text: str) -> list[str]:
    """The words of a text as the lexicon writes them, and the punctuation between them."""
    apart = fold(text)[:LONGEST_FOLDED]
    if "*" in apart:
        apart = _MASKED.sub("damn", apart)
    if _DIGIT.search(apart):
        apart = _GLUED.sub(r"\1\3 \2\4", marked(apart))
    found: list[str] = []
    for word in _WORD.findall(apart):
        if word not in _POLITE:
            found += _apart(_spelt(word))
    return found


def _apart(word: str) -> Sequence[str]:
    """Two words that were written as one: "yesplease", "nopuedo", "YESB"."""
    if word in KNOWN or not word.startswith(_HEADS):
        return (word,)
    head = next(head for head in _HEADS if word.startswith(head))
    tail = word[len(head) :]
    if (head == "yes" and tail in CODES) or (len(tail) > 3 and (tail in _TAILS or (head, tail) in _PHRASES)):
        return head, tail
    return (word,)


_HEADS = ("yes", "no", "si", "ok", "cant", "sure")
_TAILS = frozenset(
    ["please", "thanks", "thank", "thankyou", "puedo", "gracias", "sorry", "maam", "senora", "problem"]
)


def _spelt(word: str) -> str:
    """The word as the lexicon knows it: with fewer repeated letters, or with one letter put right."""
    word = _ALIASES.get(word, word)
    if word in KNOWN or not word[0].isalpha():
        return word
    if _REPEATED.search(word):
        squeezed = _ANY_REPEATED.sub(r"\1", word)  # "yeaahhhh"
        if squeezed in KNOWN and len(squeezed) > 2:
            return squeezed
    for written in (r"\1", r"\1\1"):
        shorter = _REPEATED.sub(written, word)
        if shorter != word and shorter in KNOWN:
            return shorter
    single = _DOUBLED.sub(r"\1", word)
    if single in KNOWN and len(single) > 1:
        return single
    swapped = _SWAPPED.get((word[0], "".join(sorted(word))))
    if swapped is not None:
        return swapped
    if _SHORTEST_TYPO <= len(word) <= _LONGEST_TYPO:
        for variant in (word, *sorted(_without_one(word))):
            if variant in _TYPOS:
                return _TYPOS[variant]
    return word


# How words are often shortened on a phone.
_ALIASES = {
    "cannt": "cant", "gona": "gonna", "abel": "able", "aq": "ako", "aku": "ako", "akoh": "ako",
    "pde": "pwede", "pwde": "pwede", "pwd": "pwede", "kiero": "quiero", "nn": "non", "hnd": "hindi",
    "hndi": "hindi", "hinde": "hindi", "nde": "hindi", "ndi": "hindi", "tnk": "thanks", "wrk": "work",
    "wrking": "working", "avl": "available", "cud": "could", "wud": "would", "nto": "not", "cnat": "cant",
    "tke": "take", "tak": "take", "tkae": "take", "tale": "take", "avlbl": "available", "wil": "will",
    "luv": "love", "sched": "scheduled", "kc": "kasi", "slamat": "salamat",
}  # fmt: skip


def spells_a_code(word: str) -> bool:
    return len(word) <= LONGEST_CODE and all(letter in CODES for letter in word)


def meaning_of(word: str) -> Meaning | None:
    """What a word means by itself; None if it is unknown."""
    return _PHRASES.get((word,))


def plain(word: str) -> str:
    """The word without the accent that `fold` has kept."""
    return word.removesuffix("+")


def _deed(words: list[str], at: int) -> int:
    """How many words the deed that begins here takes, with what stresses it; 0 if none begins here."""
    stress = 0
    while stress < _MOST_STRESS and at + stress < len(words) and words[at + stress] in _STRESS:
        stress += 1
    for stressed in range(stress, -1, -1):
        for size in range(_LONGEST_DEED, 0, -1):
            if tuple(words[at + stressed : at + stressed + size]) in _DEEDS:
                return stressed + size
    return 0


_MOST_STRESS = 4
_STRESS = frozenset(
    """definitely def totally gladly happily surely certainly absolutely still also go ahead and just come be
    able to most yes""".split()  # noqa: SIM905
)
_LONGEST_DEED = max(map(len, _DEEDS))


_ACCENTED = frozenset(["si+", "el+"])


def longest(words: list[str], at: int) -> tuple[Meaning | None, int]:
    """The meaning of the longest phrase that begins at a word, and how many words it has."""
    word = words[at]
    most = _LONGEST.get(word) or _LONGEST.get(plain(word), 0)
    for size in range(min(most, len(words) - at), 0, -1):
        phrase = tuple(words[at : at + size])
        if size > 1 and not _ACCENTED.isdisjoint(phrase):
            phrase = tuple(map(plain, phrase))
        if phrase in PROMISES:
            deed = _deed(words, at + size)
            if deed:
                return Meaning.COMMIT, size + deed
        meaning = _PHRASES.get(phrase)
        if meaning is not None:
            return meaning, size
    if is_mark(word):
        return Meaning.TIME, 1
    if word in YES_SIGNS:
        return Meaning.YES, 1
    if word in NO_SIGNS:
        return Meaning.NO, 1
    if word in _DOUBT_SIGNS:
        return Meaning.HEDGE, 1
    if len(word) == 1 and unicodedata.category(word) in ("So", "Sk"):
        return Meaning.PLAIN, 1  # an emoji that means nothing by itself
    return None, 1
