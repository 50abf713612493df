from dataclasses import dataclass, replace
from core import wording as w
from core.wording import *
from core.wording import SEGMENT, OFFICE, LONGEST_OFFICE, gsm7, times
from core.commands import InboundResult, Leased
@dataclass(frozen=True)
class Wording:
    timezone: str
    office: str
    def say(self, n, channel):
        z, o = self.timezone, self.office
        match n.kind:
            case "offer": return w.call(n.shift, z) if channel == "voice" else w.offer(n.shift, n.code, z)
            case "confirmed" | "already_yours": return w.confirmed(n.shift, n.code, z)
            case "cancelled": return w.cancelled(n.shift, z)
            case "taken_back": return w.taken_back(n.shift, z, o)
            case "unclear": return w.unclear(n.choices, z, o)
            case "unclear_but_yours": return w.unclear_but_theirs(n.shift, n.code, z, o)
            case "unclear_and_closed": return w.unclear_and_gone(n.shift, z, o)
            case "other_time": return w.at_its_time(n.shift, n.code, z)
            case k: return w.answer(k, n.shift, z, code=n.code, since_ms=n.since_ms, conflict=n.conflict, choices=n.choices, office=o)
    def all(self, notices, channel):
        return " ".join(dict.fromkeys(self.say(n, channel) for n in notices))
    def render(self, changes):
        for key, s in changes.sends.items():
            if s.notices and not s.text:
                changes.sends[key] = s._replace(text=self.all(s.notices, s.channel), notices=())
        def f(r):
            if isinstance(r, InboundResult) and r.notices:
                return replace(r, reply=self.all(r.notices, "sms"), notices=())
            if isinstance(r, Leased):
                return replace(r, sends=tuple(o if o.text else replace(o, text=changes.sends[o.key].text) for o in r.sends))
            return r
        changes.results[:] = [f(r) for r in changes.results]
        changes.inbox.update({k: f(r) for k, r in changes.inbox.items()})
