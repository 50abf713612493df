"""The words for days, months and times of day."""

from core.reply import DaysAhead, Point, TimeMark, TimeOfDay, Weekday, Weekend

_WEEKDAYS = (
    "monday mon lunes lendi", "tuesday tues tue martes madi", "wednesday wed miercoles miyerkules mekredi",
    "thursday thurs thur thu jueves huwebes jedi", "friday fri viernes biyernes vandredi",
    "saturday sat sabado samdi", "sunday sun domingo linggo dimanch",
)  # fmt: skip
WEEKDAYS = {word: number for number, words in enumerate(_WEEKDAYS) for word in words.split()}
_TOMORROW = ["tomorrow", "tmrw", "tmr", "tmw", "tomorow", "tommorow", "bukas", "demen"]
_TODAY = [
    "today", "tonight", "tonite", "2nite", "2day", "hoy", "ngayon", "ngayong", "jodia", "jodi", "aswe",
    "aswea", "noche",
]  # fmt: skip
TIMES: dict[str, TimeMark] = {
    **{word: Weekday(number) for word, number in WEEKDAYS.items()},
    **dict.fromkeys(_TOMORROW, DaysAhead(1)),
    **dict.fromkeys(_TODAY, DaysAhead(0)),
    **dict.fromkeys(["noon", "mediodia"], Point(TimeOfDay(12 * 60))),
    **dict.fromkeys(["midnight", "medianoche"], Point(TimeOfDay(0))),
    **dict.fromkeys(["weekend", "weekends"], Weekend()),
}
"""The day or time that a single word names."""
_MONTHS = (
    "jan january enero janvye", "feb february febrero fevriye", "mar march marzo", "apr april abril avril",
    "may mayo", "jun june junio jen", "jul july julio jiye", "aug august agosto",
    "sep sept september septiembre septanm", "oct october octubre oktob", "nov november noviembre novanm",
    "dec december diciembre desanm",
)  # fmt: skip
MONTHS = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}
