"""Any text in the characters of GSM-7, which every phone shows and the cheapest segment carries.

What GSM-7 lacks is transliterated. Numbers are kept with care, since a text that tells a wrong house number
sends somebody to the wrong door: the text has the digits of the original and no others, and never joins
digits that do not belong together ("221½" is "221 1/2", not "2211/2").
"""

import re
from fractions import Fraction
from functools import lru_cache
from unicodedata import category, decimal, normalize, numeric

from anyascii import anyascii

SEGMENT = 160
"""So many septets one text may have."""

# 3GPP TS 23.038: the default alphabet without its line breaks, and the extension table.
_DEFAULT = frozenset(
    "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = "^{}\\[~]|€"
_EXTENDED = re.compile(f"[{re.escape(_EXTENSION)}]")
_GSM = _DEFAULT.union(_EXTENSION)
# GSM-7 has these capitals but no other Greek: where there is other Greek, all of it is transliterated.
_GREEK_CAPITALS = str.maketrans({char: anyascii(char) for char in "ΔΦΓΛΩΠΨΣΘΞ"})
_OTHER_GREEK = re.compile("(?![ΔΦΓΛΩΠΨΣΘΞ])[Ͱ-Ͽἀ-῿]")
_SUPERSCRIPTS, _SUBSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉"


def septets(text: str) -> int:
    """The length of a GSM-7 text as it is sent: characters of the extension table count twice."""
    return len(text) + len(_EXTENDED.findall(text))


def cut(text: str, room: int) -> str:
    """As much of a GSM-7 text as fits `room` septets.

    It ends neither within a word that has digits nor between a number and its fraction, so that no number is
    told in part. Only a single word that is longer than `room` is.
    """
    kept = text
    while kept and septets(kept) > room:
        kept = kept[:-1]
    if kept == text:
        return text
    if text[len(kept)] != " ":
        before, space, _ = kept.rpartition(" ")
        word = text[len(before + space) :].partition(" ")[0]
        if any(map(str.isdigit, word)):
            kept = before if space else kept.rstrip("0123456789") or kept
    while kept and re.match(r"\d \d", text[len(kept) - 1 :]):
        kept = kept.rpartition(" ")[0]
    return kept.rstrip()


@lru_cache(maxsize=4096)
def gsm7(text: str) -> str:
    """`text` in printable characters of GSM-7, with single spaces between words."""
    text = normalize("NFC", text)
    if _OTHER_GREEK.search(text):
        text = text.translate(_GREEK_CAPITALS)
    parts, before = [], ""
    for char in text:
        folded, kind = _fold(char)
        if kind == "mark":
            parts.append(folded)
            continue
        if _apart(before, kind):
            parts.append(" ")
        parts.append(folded)
        before = "" if folded.endswith("/") else kind  # "⅟" goes with the number after it
    return " ".join("".join(parts).split())


def _apart(before: str, after: str) -> bool:
    """Whether a space must stand between two characters of these kinds, because one or both are numbers."""
    kinds = {before, after}
    if "" in kinds or before == after != "sign":
        return False
    return "sign" in kinds or "letter" not in kinds


def _fold(char: str) -> tuple[str, str]:
    """`char` in GSM-7, and its kind: what it does to a number beside it.

    "digit", "superscript" and "subscript": makes one number with its like. "sign": is a number by itself,
    such as "½", "Ⅻ" and "①". "letter": stands beside digits as it is. "gap": is not seen. "mark": belongs to
    the character before it. "": anything else.
    """
    group = category(char)
    if group == "Nd":
        return str(decimal(char)), "digit"
    if group[0] == "N":
        kinds = {"superscript": _SUPERSCRIPTS, "subscript": _SUBSCRIPTS}
        kind = next((kind for kind, chars in kinds.items() if char in chars), "sign")
        return _number(char), kind
    if char in _GSM:
        return char, "letter" if group[0] == "L" else ""
    if group == "Cf":
        return "", "gap"
    if group[0] in "ZC":
        return " ", ""
    folded = anyascii(char).replace("`", "'")
    digits = _digits(folded)
    pictured = folded.startswith(":")  # an emoji's name, which would take the room of the address
    if pictured or digits != _digits(normalize("NFKD", char)):  # "∅" and "Ƨ" only look like numbers
        return ("", "mark") if group[0] == "M" else ("?", "")
    if group[0] == "M":
        return folded, "mark"
    if not folded:
        return "", "gap"
    return folded, "sign" if digits else "letter" if group[0] == "L" else ""


def _number(char: str) -> str:
    """A number that is no decimal digit: as it is composed ("1/2", "XII", "(3)"), or else its value."""
    composed = normalize("NFKD", char).replace("⁄", "/")
    return composed if _GSM.issuperset(composed) else str(Fraction(numeric(char)).limit_denominator(1000))


def _digits(text: str) -> list[str]:
    return [char for char in text if char.isdecimal()]
