"""The demo's simulated caregivers, behind a simulated carrier.

Each draw comes from the seed and the key of the send it answers, so it does not depend on what else
happens. Probabilities and latencies are those of the field where there is a source for them.
"""

import heapq
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from core.commands import Command, Inbound, InboundResult, MarkCall, Outgoing, StartFanout
from core.ports import Submit
from service.clock import Clock
from service.language.door import inbound

# About a third of texts is answered (1-800 Notify: 24-39 % by hour).
REPLIES = 0.35
# Median 3.6 minutes among participants (SMS-DMCare, PMC3208889), with a long tail.
REPLY_MEDIAN_MS, REPLY_SIGMA = 3.6 * 60_000, 1.2
# Few of those who reply can come at such notice; chosen so that about three in four shifts are filled.
ACCEPTS_TEXT, ASKS_BACK, ACCEPTS_CALL = 0.16, 0.08, 0.25
# Calls from an unknown number are answered in 24 % (Hiya 2019) to 43 % (ThinkingPhones 2015) of cases.
ANSWERS_CALL = 0.35
# Ring times of 6 to 22 s (UNICOM logs); the carrier gives up after 25 s.
RING_MS, RING_TIMEOUT_MS = (6_000, 22_000), 25_000
LISTENS_MS = 9_000
# Somebody who is asked which shift they mean has the phone in their hand.
ANSWERS_BACK_MS = (15_000, 60_000)
# Somebody who has just said yes finds that they cannot.
GIVES_BACK, GIVES_BACK_AFTER_MS = 0.12, (60_000, 240_000)

YES = ("Yes", "yes please!", "Ok I can", "I'll take it", "YES {code}", "{code} yes", "Sure, thanks")
NO = ("No", "sorry no", "can't today", "No {code}", "not available, sorry")
ASK = ("What's the address?", "is it still open?", "yes but only until 2", "how much?")
REGRET = ("sorry, I can't make it", "NO {code}")

_CODE = re.compile(r"YES ([A-Z]+)")


@dataclass(order=True)
class _Deed:
    """Something that happens in the world at a time."""

    at_ms: int
    number: int
    command: Command = field(compare=False)
    answered: Callable[[InboundResult], None] | None = field(compare=False, default=None)


class Caregivers:
    """Takes texts and calls as a carrier and answers them, in time, as people might.

    `said` is told each message that they send, just before it arrives.
    """

    def __init__(self, clock: Clock, seed: int, said: Callable[[str, str], None]) -> None:
        self._clock = clock
        self._seed = seed
        self._said = said
        self._alarm = clock.alarm()
        self._deeds: list[_Deed] = []
        self._number = 0

    async def send(self, outgoing: Outgoing) -> None:
        if outgoing.channel == "voice":
            self._ring(outgoing)
        elif outgoing.purpose == "offer":
            self._read(outgoing)

    def _read(self, send: Outgoing) -> None:
        """An offer arrives, and may be answered."""
        code = _CODE.search(send.text)
        assert code is not None, send.text
        draw = Random(f"{self._seed}:{send.key}")
        if draw.random() >= REPLIES:
            return
        after_ms = draw.lognormvariate(math.log(REPLY_MEDIAN_MS), REPLY_SIGMA)
        kind = draw.random()
        words = YES if kind < ACCEPTS_TEXT else ASK if kind < ACCEPTS_TEXT + ASKS_BACK else NO
        body = draw.choice(words).format(code=code[1])
        plain = f"{'YES' if words is YES else 'NO'} {code[1]}"
        self._text(send, draw, after_ms, body, plain)

    def _ring(self, send: Outgoing) -> None:
        """A phone rings; whoever answers listens and presses a digit."""
        draw = Random(f"{self._seed}:{send.key}")
        if draw.random() >= ANSWERS_CALL:
            self._plan(RING_TIMEOUT_MS, MarkCall(send.key, False))
            return
        ring_ms = draw.uniform(*RING_MS)
        self._plan(ring_ms, MarkCall(send.key, True))
        digit = "1" if draw.random() < ACCEPTS_CALL else "2"
        self._plan(ring_ms + LISTENS_MS, inbound(send.phone, digit, send.shift_id))

    def call_out(self, after_ms: int, shift_id: str) -> None:
        """Somebody who had the shift calls out, and the coordinator starts its fanout."""
        self._plan(after_ms, StartFanout(shift_id))

    def _text(self, send: Outgoing, draw: Random, after_ms: float, body: str, plain: str) -> None:
        """Plans a text; `plain` is what they say when they are asked which shift they mean."""

        def answered(result: InboundResult) -> None:
            if result.status == "which_shift":
                self._text(send, draw, draw.uniform(*ANSWERS_BACK_MS), plain, plain)
            if result.status == "claimed" and draw.random() < GIVES_BACK:
                later_ms = draw.uniform(*GIVES_BACK_AFTER_MS)
                code = plain.split()[1]
                self._text(send, draw, later_ms, draw.choice(REGRET).format(code=code), f"NO {code}")

        self._plan(after_ms, inbound(send.phone, body), answered)

    def _plan(
        self, after_ms: float, command: Command, answered: Callable[[InboundResult], None] | None = None
    ) -> None:
        self._number += 1
        at_ms = self._clock.now_ms() + round(after_ms)
        heapq.heappush(self._deeds, _Deed(at_ms, self._number, command, answered))
        self._alarm.poke()

    async def listen(self, submit: Submit) -> None:
        """Does what is planned, when its time has come, for ever."""
        while True:
            with self._clock.busy():
                while self._deeds and self._deeds[0].at_ms <= self._clock.now_ms():
                    await self._do(heapq.heappop(self._deeds), submit)
            await self._alarm.wait(self._deeds[0].at_ms if self._deeds else None)

    async def _do(self, deed: _Deed, submit: Submit) -> None:
        if isinstance(deed.command, Inbound):
            self._said(deed.command.phone, deed.command.text)
        result = await submit(deed.command)
        if deed.answered is not None and isinstance(result, InboundResult):
            deed.answered(result)
