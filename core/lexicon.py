"""The words of replies: what each phrase does to the meaning of a text, in four languages.

English, Spanish, Tagalog and Haitian Creole stand together, because people mix them. Phrases are written as
`core.phrases` folds texts: lower case, without accents and apostrophes. A longer phrase hides the shorter
ones inside it, so "no problem" is no refusal and "i can not" no consent. No native speaker has reviewed the
Tagalog and the Haitian Creole.
"""

from enum import IntEnum, auto

from core import lexicon_consent as consent
from core import lexicon_others as others
from core import lexicon_refusal as refusal


class Role(IntEnum):
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
    Role.YES: consent.YES,
    Role.COMMIT: consent.COMMIT,
    Role.WEAK: consent.WEAK,
    Role.NO: refusal.NO,
    Role.REASON: refusal.REASON,
    Role.WISH: consent.WISH,
    Role.IF: others.IF,
    Role.MATTER: others.MATTER,
    Role.HEDGE: others.HEDGE,
    Role.BUT: others.BUT,
    Role.ASK: others.ASK,
    Role.OTHER: others.OTHER,
    Role.NOT: others.NOT,
    Role.DAY: others.DAY,
    Role.PLAIN: others.PLAIN,
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
OTHER_TIMES = {
    "noon": "point720f", "mediodia": "point720f", "midnight": "point0f", "medianoche": "point0f",
    "weekend": "weekend0", "weekends": "weekend0",
}  # fmt: skip
_MONTHS = (
    "jan january enero janvye", "feb february febrero fevriye", "mar march marzo", "apr april abril avril",
    "may mayo", "jun june junio jen", "jul july julio jiye", "aug august agosto",
    "sep sept september septiembre septanm", "oct october octubre oktob", "nov november noviembre novanm",
    "dec december diciembre desanm",
)  # fmt: skip
MONTHS = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}
