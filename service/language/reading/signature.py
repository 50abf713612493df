"""What stands below an answer and says nothing about it: a name, a credential, what a mail program adds.

Only the store knows what a caregiver is called. So a name is what looks like one: up to three words with
capitals that no phrase of the lexicon contains, on a line of their own.
"""

import re
from collections.abc import Sequence

from service.language.reading.lexicon.days import MONTHS
from service.language.reading.lexicon.signature import (
    AFTER_NAMES,
    BESIDE,
    CLOSINGS,
    CREDENTIALS,
    DEVICES,
    LINKING,
    NAMES,
    SENDING,
    TITLES,
    UNLIKE_NAMES,
)
from service.language.reading.lexicon.table import Meaning
from service.language.reading.optout import KEYWORDS
from service.language.reading.phrases import KNOWN, fold, longest, spells_a_code, words_of

_MOST_NAMES = 3
_RULE = re.compile(r"[-–—_*=~•]+")
_PHONE = re.compile(r"[+()\d. -]+")
_PHONE_DIGITS = 10
_WORD = re.compile(r"[^\s,/|()~–—-][^\s,/|()]*")
_NAME = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]{2,})*[.!]*")
_INITIAL = re.compile(r"[^\W\d_]\.?")
_MODEL = re.compile(r"[a-z]?\d{1,4}[a-z]?")
_LINK = re.compile(r"https?://\S*")
# Adverbs, participles and times, whose capital is that of the line's first word.
_UNLIKE_A_NAME = re.compile(r"\w{4,}(ly|ed|ing|ish|tion)|\w+(mente|time|times|shift|days|nights|noons)")
# A line of its own is a sentence of its own, also without a period.
_STOP = re.compile(r"\W*stop\W*", re.IGNORECASE)
# What is cancelled may be the visit to whom the next line names.
_CANCEL = re.compile(r"\W*cancel\W*", re.IGNORECASE)


def without_signature(lines: Sequence[str]) -> str:
    """The text of these lines without those at its end that only sign it."""
    kept = [line for line in map(str.strip, lines) if line]
    end = len(kept)
    while end > 1 and _signs(kept[end - 1]):
        end -= 1
    if end == 1 and _CANCEL.fullmatch(kept[0]) and not all(map(_is_footer, kept[1:])):
        end = len(kept)
    text = " ".join(f". {line}." if _STOP.fullmatch(line) else line for line in kept[:end])
    return text.lstrip(". ").rstrip(",-–— ") if end < len(kept) else text


def _signs(line: str) -> bool:
    called = sum(map(str.isdigit, line)) >= _PHONE_DIGITS and _PHONE.fullmatch(line) is not None
    closing = fold(line).strip("., ") in CLOSINGS
    return called or closing or _RULE.fullmatch(line) is not None or _is_footer(line) or _is_name(line)


def _is_footer(line: str) -> bool:
    """Whether a phone or a mail program has written this line."""
    first, *others = re.findall(r"[^\W_]+", fold(_LINK.sub("", line))) or [""]
    named = any(word in DEVICES for word in others)
    known = all(word in DEVICES or word in LINKING or _MODEL.fullmatch(word) for word in others)
    return first in SENDING and named and known


def _is_name(line: str) -> bool:
    """Whether this is a name, or a credential, or both: "Maria Lopez, CNA"."""
    words = [word for word in _WORD.findall(line) if _bare(word) not in TITLES and not _is_ornament(word)]
    names = [word for word in words if _bare(word) not in AFTER_NAMES]
    if not names:
        return bool(words) and all(_bare(word) in CREDENTIALS for word in words)
    if len(names) > _MOST_NAMES or words[0] != names[0]:
        return False
    credential = 1 < len(names) < len(words)
    lexicon = BESIDE if len(names) > 1 else NAMES
    plain = [name for name in names if not _INITIAL.fullmatch(name)]  # none for "B" or "B C"
    certain = any(_bare(name) not in BESIDE - NAMES for name in plain)
    if len(names) == 1 and _bare(names[0]) not in NAMES and _UNLIKE_A_NAME.fullmatch(_bare(names[0])):
        return False
    return certain and all(
        _NAME.fullmatch(name) is not None
        and (credential or name[0].isupper())
        and (_bare(name) in lexicon or _is_strange(_bare(name)))
        for name in plain
    )


def _bare(word: str) -> str:
    return fold(word).replace(".", "").strip("!")


def _is_ornament(word: str) -> bool:
    """Whether this is an emoji that says neither yes nor no."""
    return not word[0].isalnum() and all(longest([sign], 0)[0] is Meaning.PLAIN for sign in words_of(word))


def _is_strange(word: str) -> bool:
    """Whether no phrase contains a word or what it is short for, and it names no month, number or offer."""
    named = word in MONTHS or word in UNLIKE_NAMES or word in KEYWORDS or spells_a_code(word)
    return not named and all(part == "-" or part not in KNOWN for part in words_of(word))
