"""The words of replies: what each phrase does to the meaning of a text, in four languages.

English, Spanish, Tagalog and Haitian Creole stand together, because people mix them. Phrases are written as
`phrases` folds texts: lower case, without accents and apostrophes. A longer phrase hides the shorter
ones inside it, so "no problem" is no refusal and "i can not" no consent. No native speaker has reviewed the
Tagalog and the Haitian Creole.
"""

from enum import IntEnum, auto

from core.reply import Point, TimeMark, TimeOfDay, Weekend
from service.language.reading import lexicon_consent as consent
from service.language.reading import lexicon_others as others
from service.language.reading import lexicon_refusal as refusal


class Meaning(IntEnum):
    """What a phrase says.

    YES: consent itself. COMMIT: consent in so many words, complete without a yes. WEAK: consent if nothing
    else is said. NO: refusal. REASON: why somebody refuses. WISH: would like to, which a refusal overrides.
    IF: a condition or a counter-offer. MATTER: something else than the offer. HEDGE: a doubt. BUT: what
    follows limits what came before. ASK: a question. OTHER: somebody else. NOT: a negation of who knows
    what. DAY, TIME: of the shift, or of another. PLAIN: says nothing of its own.
    """

    YES = auto()
    COMMIT = auto()
    WEAK = auto()
    NO = auto()
    REASON = auto()
    WISH = auto()
    IF = auto()
    MATTER = auto()
    HEDGE = auto()
    BUT = auto()
    ASK = auto()
    OTHER = auto()
    NOT = auto()
    DAY = auto()
    TIME = auto()
    PLAIN = auto()


def phrases(text: str) -> list[str]:
    """The phrases that a text lists, which stand between commas and may be broken into lines."""
    return [" ".join(phrase.split()) for phrase in text.split(",")]


TABLE = {
    Meaning.YES: consent.YES,
    Meaning.COMMIT: consent.COMMIT,
    Meaning.WEAK: consent.WEAK,
    Meaning.NO: refusal.NO,
    Meaning.REASON: refusal.REASON,
    Meaning.WISH: consent.WISH,
    Meaning.IF: others.IF,
    Meaning.MATTER: others.MATTER,
    Meaning.HEDGE: others.HEDGE,
    Meaning.BUT: others.BUT,
    Meaning.ASK: others.ASK,
    Meaning.OTHER: others.OTHER,
    Meaning.NOT: others.NOT,
    Meaning.DAY: others.DAY,
    Meaning.PLAIN: others.PLAIN,
}

_WEEKDAYS = (
    "monday mon lunes lendi", "tuesday tues tue martes madi", "wednesday wed miercoles miyerkules mekredi",
    "thursday thurs thur thu jueves huwebes jedi", "friday fri viernes biyernes vandredi",
    "saturday sat sabado samdi", "sunday sun domingo linggo dimanch",
)  # fmt: skip
WEEKDAYS = {word: number for number, words in enumerate(_WEEKDAYS) for word in words.split()}
TOMORROW = frozenset(["tomorrow", "tmrw", "tmr", "tmw", "tomorow", "tommorow", "bukas", "demen"])
TODAY = frozenset(
    """today tonight tonite 2nite 2day hoy ngayon ngayong jodia jodi aswe aswea noche""".split()  # noqa: SIM905
)
_NOON, _MIDNIGHT = Point(TimeOfDay(720)), Point(TimeOfDay(0))
OTHER_TIMES: dict[str, TimeMark] = {
    "noon": _NOON, "mediodia": _NOON, "midnight": _MIDNIGHT, "medianoche": _MIDNIGHT,
    "weekend": Weekend(), "weekends": Weekend(),
}  # fmt: skip
_MONTHS = (
    "jan january enero janvye", "feb february febrero fevriye", "mar march marzo", "apr april abril avril",
    "may mayo", "jun june junio jen", "jul july julio jiye", "aug august agosto",
    "sep sept september septiembre septanm", "oct october octubre oktob", "nov november noviembre novanm",
    "dec december diciembre desanm",
)  # fmt: skip
MONTHS = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}
