"""The exact distribution of the time to fill, for independent shifts, unlimited send rates, and one role.

There are n people; a text is answered with probability r, after a latency with distribution G, and the answer
is a yes with probability a; a call is answered with probability c, and accepted with probability b. Let x =
delay + ring time. Then one person has accepted by time t with probability

    F(t) = r a G(t)                                                        for t < x
    F(t) = r a G(x) + (1 - r G(x)) c b + r a (G(t) - G(x)) (1 - c)         for t >= x

because at x everybody who has not replied yet is asked by phone, and those who answer the call no longer
reply to the text. People are independent, so a shift is unfilled at t with probability (1 - F(t))^n. This
assumes that shifts stay open long enough for late replies.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import integrate, stats

from sim.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Formula:
    """The formula for a scenario with one role and a delay in seconds."""

    people: int
    reply: float
    accept: float
    answer: float
    accept_call: float
    median_s: float
    sigma: float
    delay_s: float
    ring_s: float

    @classmethod
    def of(cls, scenario: Scenario, delay_s: float) -> "Formula":
        """Raises `ValueError` for a scenario that the formula does not describe."""
        if not scenario.independent or len(scenario.roles) != 1:
            raise ValueError("the formula needs independent shifts without send rates, and one role")
        sms, voice = scenario.sms, scenario.voice
        return cls(
            scenario.roles[0].caregivers, sms.reply_probability * (1 - sms.never_reply_share),
            sms.accept_probability, voice.answer_probability, voice.accept_probability,
            sms.latency_median_s, sms.latency_sigma, delay_s, voice.ring_s,
        )  # fmt: skip

    def replied(self, seconds: float | NDArray[np.float64]) -> NDArray[np.float64]:
        """G: the share of all replies that have arrived by then."""
        return np.asarray(stats.lognorm.cdf(seconds, self.sigma, scale=self.median_s))

    def accepted(self, seconds: float | NDArray[np.float64]) -> NDArray[np.float64]:
        """F: the probability that one person has accepted by then."""
        t = np.asarray(seconds, dtype=float)
        x = self.delay_s + self.ring_s
        r, a, c, b = self.reply, self.accept, self.answer, self.accept_call
        g, gx = self.replied(t), float(self.replied(x))
        after = r * a * gx + (1 - r * gx) * c * b + r * a * (g - gx) * (1 - c)
        return np.where(t < x, r * a * g, after)

    def unfilled(self, seconds: float | NDArray[np.float64]) -> NDArray[np.float64]:
        """The probability that the shift is still unfilled then."""
        return np.asarray((1 - self.accepted(seconds)) ** self.people)

    @property
    def p_unfilled(self) -> float:
        return float(self.unfilled(np.inf))

    @property
    def p_escalated(self) -> float:
        """The probability that nobody has accepted by the delay."""
        return float((1 - self.reply * self.accept * self.replied(self.delay_s)) ** self.people)

    @property
    def mean_calls(self) -> float:
        """Everybody who has not declined by the delay is called, if nobody has accepted by then."""
        g = float(self.replied(self.delay_s))
        r, a, n = self.reply, self.accept, self.people
        return float(n * (1 - r * g) * (1 - r * a * g) ** (n - 1))

    @property
    def mean_fill_s(self) -> float:
        """Of the shifts that are ever filled: the integral of P(T > t, filled), divided by P(filled)."""
        never, x = self.p_unfilled, self.delay_s + self.ring_s

        def still_to_be_filled(t: float) -> float:
            return float(self.unfilled(t)) - never

        far_s = float(stats.lognorm.ppf(1 - 1e-12, self.sigma, scale=self.median_s))
        before, _ = integrate.quad(still_to_be_filled, 0, x, limit=500)
        ends = np.geomspace(x, max(far_s, 2 * x), 12)
        after = sum(integrate.quad(still_to_be_filled, a, b, limit=200)[0] for a, b in pairwise(ends))
        return float((before + after) / (1 - never))
