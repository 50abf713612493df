import re, unicodedata
from core.commands import Inbound
from core import replies, reply as R
from core.times import MARK
def tod(m):
    return R.TimeOfDay(int(m.removesuffix("f")), "24h" if m.endswith("f") else "12h")
def mark(m):
    f = MARK.fullmatch(m); kind, one, two = f[1], f[2], f[3] or "0"
    match kind:
        case "span": return R.Span(tod(one), tod(two))
        case "point": return R.Point(tod(one))
        case "date": return R.Date(int(two), int(one) or None)
        case "weekend": return R.Weekend()
        case "never": return R.Never()
        case "ahead": return R.DaysAhead(int(one))
        case _: return R.Weekday(int(one))
def conv(body):
    r = replies.read(body)
    named = r.named or ((),) * len(r.answers)
    if len(named) < len(r.answers): named = (*named, *((),)*(len(r.answers)-len(named)))
    return R.Reply(tuple(R.Answer(a.intent, a.code, tuple(map(mark, n))) for a, n in zip(r.answers, named)), r.why, r.weak, r.about, r.gives_back, r.mere_no, body.strip().casefold() == "yes")
def legible(body):
    start = body[: 4 * 320]
    seen = "".join(c for c in start if c.isspace() or unicodedata.category(c)[0] != "C")
    line = " ".join(seen.split())
    return line if len(line) <= 320 else f"{line[:318]}.."
def inbound(phone, body, shift_id=None, message_id=None):
    return Inbound(phone, conv(body), legible(body), shift_id, message_id)
