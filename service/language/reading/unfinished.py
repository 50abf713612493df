"""Whether a text breaks off, so that what comes next may limit it: "Yes B, I can" + "only stay until noon".

A text that is too long for one SMS may come in pieces. People also send a text before they are done.
"""

import re
from collections.abc import Sequence

from service.language.reading.clauses import JOINS, Part
from service.language.reading.lexicon.endings import LEADS, LINKS, OPEN_PHRASES, WHOLE_PAIRS
from service.language.reading.lexicon.table import Meaning

# How many characters an SMS takes, alone and as one of several: of the GSM alphabet (GSM 03.38), and of any
# other. A space at the end of a piece may have been lost.
_OF_GSM, _OF_OTHERS = (160, 153), (70, 67)
SHORTEST_PIECE = _OF_OTHERS[1] - 1
_GSM = re.compile(
    r"[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\[~\]|€\\]*"
)
_GSM_TWICE = re.compile(r"[\^{}\[~\]|€\\]")


def fills_an_sms(text: str) -> bool:
    """Whether a text has just the length of an SMS or of several, and does not end like a sentence."""
    if not text or not (text.rstrip()[-1:].isalnum() or text.rstrip().endswith(",")):
        return False
    if _GSM.fullmatch(text):
        return _fills(len(text) + len(_GSM_TWICE.findall(text)), *_OF_GSM)
    units = len(text.encode("utf-16-le", "surrogatepass")) // 2
    return any(_fills(size, *_OF_OTHERS) or _fills(size, *_OF_GSM) for size in (units, len(text)))


def _fills(size: int, alone: int, piece: int) -> bool:
    return size == alone or size % piece in (0, piece - 1)


def breaks_off(words: Sequence[str], parts: Sequence[Part]) -> bool:
    """Whether the last sentence of a text must go on."""
    last = parts[-1]
    if words[-1] in _OPEN_MARKS:
        return True
    if last.code is not None:
        return False
    if len(parts) == 1:
        return last.words in OPEN_PHRASES
    before = parts[-2]
    ended = words[-1] in (".", "!") and words[-2] != "."  # "Yes I would!", not "Yes I would..."
    if ended:
        return last.words in LINKS
    if last.words in OPEN_PHRASES or f"{before.words} {last.words}" in OPEN_PHRASES:
        return True
    if last.words in _CAN:
        return before.clause < last.clause and _has_committed(parts, last)
    if last.words == "si":
        return "si+" in words  # here it means if
    if last.meaning in _WHOLE or " " in last.words:
        return last.meaning is Meaning.YES and before.words in JOINS  # "yes B and yes"
    word, previous = last.words, before.words.rsplit(" ", 1)[-1]
    if word in _ARTICLES_BEHIND and not _CREOLE.isdisjoint(words) and before.meaning is not Meaning.COMMIT:
        return False  # "m ap pran C a"
    if word in _SUBJECTS:
        after_yes = word == "mwen" and before.meaning is Meaning.YES
        return before.clause < last.clause or before.code is not None or after_yes
    if word in LINKS or word in LEADS:
        return previous not in WHOLE_PAIRS.get(word, ())
    return before.words in ("i", "i would") and before.clause == last.clause and word not in _WHOLE_AFTER_I


_OPEN_MARKS = frozenset(",:;-–—&+/(")
_WHOLE = {Meaning.YES, Meaning.COMMIT, Meaning.WEAK, Meaning.DAY, Meaning.TIME}
_CAN = frozenset(
    ["i can", "i will", "i shall", "puedo", "yo puedo", "kaya ko", "pwede ako", "m ka", "mwen ka"]
)
_ARTICLES_BEHIND = frozenset(["a", "an", "nan"])
_CREOLE = frozenset(["wi", "m", "mwen", "map", "ap", "mesi", "dako", "pran"])
# Pronouns that begin a sentence where nothing else of it stands before them.
_SUBJECTS = frozenset("mwen m me yo se le les te la it that this you".split())  # noqa: SIM905
_WHOLE_AFTER_I = frozenset("am did promise swear insist come".split())  # noqa: SIM905


def _has_committed(parts: Sequence[Part], last: Part) -> bool:
    """Whether another commitment stands some clauses before: "I can do it! Thank you ..., I can"."""
    return any(
        part.meaning is Meaning.COMMIT and part.words != last.words and part.clause < last.clause - 1
        for part in parts
    )
