"""Any text in the characters of GSM-7: readable, and with the numbers of the original."""

import re
import unicodedata
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.language.gsm7 import SEGMENT, cut, gsm7, septets

# 3GPP TS 23.038: the default alphabet without its line breaks counts one septet a character, the others two.
DEFAULT = set(
    "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = set("^{}\\[~]|€")
GSM = DEFAULT | EXTENSION

# Characters that are numbers by themselves, and how they are told.
SIGNS = {
    "½": "1/2", "¼": "1/4", "⅓": "1/3", "⅝": "5/8", "⅒": "1/10", "↉": "0/3", "²": "2", "₇": "7", "¹⁰": "10",
    "⁵⁄₈": "5/8", "⅟₁₆": "1/16", "①": "1", "⑫": "12", "❶": "1", "⓪": "0", "㊿": "50", "⑴": "(1)", "⒈": "1.",
    "Ⅻ": "XII", "ⅷ": "viii", "ↂ": "10000", "፲": "10", "༪": "1/2", "〇": "0", "㈠": "1", "㋁": "2M",
}  # fmt: skip
FIGURES = ["0123456789", "０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९", "𝟘𝟙𝟚𝟛𝟜𝟝𝟞𝟟𝟠𝟡"]
numbers = st.integers(0, 99_999).map(str)
figures = st.sampled_from(FIGURES)
unseen = st.sampled_from(["", "\u0301", "\ufe0f", "\ufe0f\u20e3"])
tricky = st.text("012½²₃①⒈Ⅻ٣１㎡∅Ƨ⚅ßaIX /⁄-.\u00a0\u00ad\u0301\u200b\u20e3\u0488", min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12 Maple St", "12 Maple St"),
        ("Zürich, Universitätsstraße", "Zürich, Universitätsstraße"),
        ("Zu\u0308rich", "Zürich"),
        ("Gdańsk", "Gdansk"),
        ("Łódź", "Lodz"),
        ("Đường Nguyễn Huệ", "Duong Nguyen Hue"),
        ("Œuvre, 3ᵉ étage, façade", "Oeuvre, 3e étage, facade"),
        ("Şişli, Kadıköy", "Sisli, Kadiköy"),
        ("ул. Ленина", "ul. Lenina"),
        ("Θεσσαλονίκη", "Thessaloniki"),
        ("Ward Ω", "Ward Ω"),
        ("北京路12号", "BeiJingLu12Hao"),
        ("Kaʻahumanu `Ave`", "Ka'ahumanu 'Ave'"),
        ("Café — Ward 3", "Café - Ward 3"),
        ("St Mary’s “West”…", 'St Mary\'s "West"...'),
        ("tab\tand\u00a0space", "tab and space"),
        ("two\nlines", "two lines"),
        (" two  spaces ", "two spaces"),
        ("\u202aPine\u00adwood\u202c", "Pinewood"),
        ("ﬁfth", "fifth"),
        ("Ｍａｉｎ　Ｓｔ", "Main St"),
        ("[gate] A|B {c} ~^\\ €5", "[gate] A|B {c} ~^\\ €5"),
        ("№ 5", "No 5"),
        ("25 m², 30㎡", "25 m2, 30 m2"),
        ("🏥", "?"),
        ("\u200b", ""),
    ],
)
def test_other_characters_are_told_as_what_they_sound_or_look_like(text, expected):
    assert gsm7(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("221½ Elm St", "221 1/2 Elm St"),
        ("12¼ Oak Ave", "12 1/4 Oak Ave"),
        ("½12", "1/2 12"),
        ("12½B", "12 1/2 B"),
        ("3² Sq", "3 2 Sq"),
        ("5⁄8", "5/8"),
        ("221⁵⁄₈", "221 5/8"),
        ("12⅟₂", "12 1/2"),
        ("⒈5", "1. 5"),
        ("12⑴", "12 (1)"),
        ("①②", "1 2"),
        ("ⅩⅡ", "X II"),
        ("XⅡ", "X II"),
        ("WardⅣ", "Ward IV"),
        ("１２", "12"),
        ("٢٢١½", "221 1/2"),
        ("1٢", "12"),
        ("1️⃣2️⃣", "12"),
        ("12\u00ad34", "12 34"),
        ("12\u200b½", "12 1/2"),
        ("12–14", "12-14"),
        ("٣٫٥", "3.5"),
    ],
)
def test_numbers_stay_what_they_are(text, expected):
    assert gsm7(text) == expected


@pytest.mark.parametrize("text", ["∅", "Ƨ", "Ƽ", "⚅", "⡀", "♳", "☂", "💯"])
def test_what_only_looks_like_a_number_is_not_told_as_one(text):
    assert gsm7(f"Apt {text}") == "Apt ?"


def test_a_mark_around_a_digit_adds_no_digits():
    assert gsm7("2\u0489 Elm") == "2 Elm"


@given(st.lists(st.tuples(numbers, figures, unseen, st.sampled_from(sorted(SIGNS))), min_size=1))
def test_digits_of_any_script_are_one_number_and_never_joined_with_a_sign(parts):
    written = told = ""
    for number, script, after, sign in parts:
        written += "".join(script[int(digit)] + after for digit in number) + sign
        told += f" {number} {SIGNS[sign]}"
    assert gsm7(written) == told[1:]


@given(st.text() | tricky)
@example("\u0489")
def test_the_text_is_printable_gsm7_and_stays_as_it_is(text):
    told = gsm7(text)
    assert set(told) <= GSM
    assert gsm7(told) == told


@given(st.text() | tricky)
@example("12\ua830")  # a quarter of North India
def test_each_number_in_the_text_is_one_of_the_original(text):
    known = "".join(char for char in text if not unicodedata.category(char).startswith("M"))
    figures = [run.translate(_DECIMALS) for run in re.findall(r"\d+", known)]
    small = re.findall("[⁰¹²³⁴-⁹]+|[₀-₉]+", known)
    composed = [unicodedata.normalize("NFKD", part) for part in [*small, *known]]
    values = [unicodedata.numeric(char, 0) for char in known]
    valued = [str(Fraction(value).limit_denominator(1000)) for value in values]
    original = {run for part in [*figures, *composed, *valued] for run in re.findall(r"[0-9]+", part)}
    assert set(re.findall(r"[0-9]+", gsm7(text))) <= original


_DECIMALS = {
    point: str(unicodedata.decimal(chr(point)))
    for point in range(0x110000)
    if unicodedata.category(chr(point)) == "Nd"
}


def test_every_decimal_digit_of_unicode_is_told_as_its_value():
    assert all(gsm7(chr(point)) == told for point, told in _DECIMALS.items())


def test_every_other_number_of_unicode_is_told_by_its_digits_or_its_roman_letters():
    signs = [c for c in map(chr, range(0x110000)) if unicodedata.category(c) in ("No", "Nl")]
    assert len(signs) > 1000
    assert all(re.fullmatch(r"-?\(?[0-9]+[/.,)]*[0-9]*|[IVXLCDM]+|[ivxlcdm]+", gsm7(c)) for c in signs)


@given(st.text(), st.text())
def test_characters_of_the_extension_table_count_twice(first, second):
    told = gsm7(f"{first} {second}")
    assert septets(told) == sum(2 if char in EXTENSION else 1 for char in told)


@pytest.mark.parametrize(
    ("room", "expected"),
    [
        (4, "Elm"), (5, "Elm R"), (10, "Elm Rd"), (13, "Elm Rd"), (14, "Elm Rd 221 1/2"),
        (17, "Elm Rd 221 1/2 Ap"), (21, "Elm Rd 221 1/2 Apt"), (22, "Elm Rd 221 1/2 Apt 34B"),
        (99, "Elm Rd 221 1/2 Apt 34B East"),
    ],
)  # fmt: skip
def test_a_text_is_not_cut_within_a_number_or_before_its_fraction(room, expected):
    assert cut("Elm Rd 221 1/2 Apt 34B East", room) == expected


def test_a_number_without_room_for_its_fraction_is_not_told():
    assert cut("221 1/2 Elm", 5) == ""
    assert cut("LongName221", 9) == "LongName"


@given(st.text() | tricky, st.integers(-5, SEGMENT))
def test_what_is_cut_fits_and_is_a_beginning(text, room):
    told = gsm7(text)
    kept = cut(told, room)
    assert told.startswith(kept)
    assert septets(kept) <= max(room, 0)
    assert kept == told or septets(told) > room
