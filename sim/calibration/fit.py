"""Fits a scenario to a journal, so that the simulation describes this agency and not an average one.

The replies in a journal are mostly the quick ones: when a shift is filled, nobody waits for the other replies
any more, and some people never reply. So the average of the observed times makes people look far quicker than
they are. Instead, the fit finds the reply probability p, the median m and the sigma s of the logarithm under
which everything observed is most likely, including the replies that did *not* come. With f and F the
lognormal density and distribution, a reply after t contributes p f(t), and a text that was watched until t
without a reply contributes 1 - p F(t). This is the mixture cure model (Boag 1949; Farewell 1982).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special, stats
from scipy.differentiate import hessian

from core.events import Entry
from core.offers import DAY_MS
from sim.calibration.observations import Call, Observations, Text, observe
from sim.outcomes import CONFIDENCE, Estimate, Z, share
from sim.scenario import HOUR_MS, HOURS, MOST_CAREGIVERS, Role, Scenario

REPLY, MEDIAN, SIGMA = "sms.reply_probability", "sms.latency_median_s", "sms.latency_sigma"
TEXT_YES, CALL_YES = "sms.accept_probability", "voice.accept_probability"
ANSWER, RING = "voice.answer_probability", "voice.ring_s"
PARAMETERS = (REPLY, MEDIAN, SIGMA, TEXT_YES, ANSWER, RING, CALL_YES)
"""The fitted parameters, named by their place in a scenario. Those that end in `_s` are in seconds."""

# With fewer observations than these, Wilson's interval of a share of one half is wider than 0.4.
ENOUGH = {REPLY: 20, MEDIAN: 20, SIGMA: 20, TEXT_YES: 20, ANSWER: 20, RING: 10, CALL_YES: 10}
"""How many observations a parameter needs; `COUNTED` says of what."""
COUNTED = {
    REPLY: "texts with a reply", MEDIAN: "texts with a reply", SIGMA: "texts with a reply",
    TEXT_YES: "replies that say yes or no", ANSWER: "calls with an outcome", RING: "answered calls",
    CALL_YES: "answers by phone that say yes or no",
}  # fmt: skip

# An estimate with a wider interval than this is not used: the width for the probability, the ratio of the
# ends for the median. The widest ones come from a maximum at p = 1, where the information matrix is useless.
_WIDEST, _WIDEST_RATIO = 0.5, 10.0
_LARGEST_SIGMA = 4.0
# Fewer call-outs, or fewer days, say little about the number per day. The hours (UTC) need ten call-outs
# each.
LEAST_CALL_OUTS, LEAST_DAYS, LEAST_FOR_HOURS = 30, 7, 240
# The longest time between a call-out and its shift, and the longest shift, that a scenario allows.
LONGEST_S = 30 * 86_400


class CalibrationError(Exception):
    """The journal makes no scenario; the message is one sentence that says what to do about it."""


class Fitted(NamedTuple):
    """A parameter with its 95 % interval, from `n` observations; None if these are too few or too vague."""

    estimate: Estimate | None
    n: int


@dataclass(frozen=True, slots=True)
class Group:
    """What is known about one role, or about `all` of them. `fitted` has every one of `PARAMETERS`."""

    name: str
    texts: tuple[Text, ...]
    fitted: dict[str, Fitted]


@dataclass(frozen=True, slots=True)
class Calibration:
    """The result of a fit.

    `everyone`: the fit of all roles together, from which the `scenario` is made. `notes`: sentences for the
    reader about what stayed at its default, what differs between roles, and what to be careful about.
    """

    everyone: Group
    roles: tuple[Group, ...]
    scenario: Scenario
    notes: tuple[str, ...]


def calibrate(entries: Sequence[Entry]) -> Calibration:
    """The scenario that explains the journal best. Raises `CalibrationError` if nobody was asked in it,
    or more people than a scenario allows.

    A parameter with too few observations (`ENOUGH`) keeps the default of `Scenario`. The accept probability
    is the share of yeses among the replies seen. It is not biased by the fact that a yes ends the wait for
    the others, because whether a reply is a yes does not depend on when it comes or on earlier replies.

    The intervals assume that all texts and calls are independent; if some people always answer and others
    never do, they are somewhat too narrow. `never_reply_share` stays 0: those people count in the reply
    probability.
    """
    seen = observe(entries)
    if not seen.texts and not seen.calls:
        raise CalibrationError(
            "the journal holds no text or call that offers a shift; use the journal of a fanout that has run"
        )
    for role, people in seen.roster.items():
        if people > MOST_CAREGIVERS:
            raise CalibrationError(
                f"{people:,} people were asked to take shifts of the role {role}, and a scenario allows "
                f"at most {MOST_CAREGIVERS:,}; use the journal of fewer people"
            )
    everyone = _group("all", seen.texts, seen.calls)
    roles = tuple(_group(role, *seen.of_role(role)) for role in seen.roster)
    scenario = _scenario(everyone, seen)
    notes = (*_thin(everyone), *_differences(roles), *_cautions(seen))
    return Calibration(everyone, roles, scenario, notes)


# --- the fits --------------------------------------------------------------------------------------


def _group(name: str, texts: tuple[Text, ...], calls: tuple[Call, ...]) -> Group:
    replies = sum(text.replied for text in texts)
    latency = fit_replies(texts) if replies >= ENOUGH[REPLY] else None
    rings = [call.rang_s for call in calls if call.answered]
    ring_is_known = len(rings) >= ENOUGH[RING] and any(rings)
    fitted = {
        REPLY: Fitted(latency and latency[0], len(texts)),
        MEDIAN: Fitted(latency and latency[1], replies),
        SIGMA: Fitted(latency and latency[2], replies),
        TEXT_YES: _share([text.accepts for text in texts if text.accepts is not None], ENOUGH[TEXT_YES]),
        ANSWER: _share(_answered(calls), ENOUGH[ANSWER]),
        RING: Fitted(_mean(rings) if ring_is_known else None, len(rings)),
        CALL_YES: _share([call.accepts for call in calls if call.accepts is not None], ENOUGH[CALL_YES]),
    }
    return Group(name, texts, fitted)


def fit_replies(texts: Sequence[Text]) -> tuple[Estimate, Estimate, Estimate] | None:
    """Reply probability, median latency in seconds, and sigma of its logarithm, by maximum likelihood.

    The intervals come from the observed information about logit p, log m and log s. The result is None if the
    texts do not determine all three, for example if they were watched too briefly to tell late replies from
    missing ones.
    """
    log_t = np.log([text.watched_s for text in texts])
    replied = np.array([text.replied for text in texts])
    if not replied.any():
        return None
    seen, waited = log_t[replied], log_t[~replied]

    def loss(theta: NDArray[np.float64]) -> float:
        """Minus the mean log-likelihood."""
        logit_p, log_m, log_s = theta
        scale = np.exp(log_s)
        density = special.log_expit(logit_p) + stats.norm.logpdf((seen - log_m) / scale) - log_s
        vain = special.expit(-logit_p) + special.expit(logit_p) * special.ndtr((log_m - waited) / scale)
        return -float(density.sum() + np.log(vain).sum()) / len(texts)

    seen_share = min(0.99, float(replied.mean()))
    start = [float(special.logit(seen_share)), float(seen.mean()), log(max(0.1, float(seen.std())))]
    best = optimize.minimize(loss, start, method="BFGS").x
    curvature = hessian(lambda thetas: np.apply_along_axis(loss, 0, thetas), best, initial_step=0.1).ddf
    information = len(texts) * curvature
    if not (np.isfinite(information).all() and np.linalg.eigvalsh(information).min() > 0):
        return None
    half = Z * np.sqrt(np.diag(np.linalg.inv(information)))
    reply, median, sigma = (
        Estimate(float(back(value)), float(back(value - width)), float(back(value + width)))
        for back, value, width in zip((special.expit, np.exp, np.exp), best, half, strict=True)
    )
    vague = reply.high - reply.low > _WIDEST or not median.high < _WIDEST_RATIO * median.low
    vague = vague or sigma.value > _LARGEST_SIGMA
    return None if vague else (reply, median, sigma)


def _answered(calls: Sequence[Call]) -> list[bool]:
    """Which calls were answered.

    A call without a known outcome counts as unanswered if it rang at least as long as every answered call;
    otherwise it is left out. Counting only known outcomes would miss unanswered calls in a journal that ends
    with the fill, because their outcome takes longest.
    """
    longest_s = max((call.rang_s for call in calls if call.answered), default=inf)
    return [bool(call.answered) for call in calls if call.answered is not None or call.rang_s >= longest_s]


def _share(outcomes: Sequence[bool], enough: int) -> Fitted:
    """The share of successes with Wilson's interval."""
    n = len(outcomes)
    if n < enough:
        return Fitted(None, n)
    return Fitted(share(sum(outcomes), n), n)


def _mean(values: Sequence[float]) -> Estimate:
    """The mean of at least two values with Student's interval."""
    half = float(stats.t.ppf((1 + CONFIDENCE) / 2, len(values) - 1) * stats.sem(values))
    mean = float(np.mean(values))
    return Estimate(mean, mean - half, mean + half)


# --- the scenario and its notes --------------------------------------------------------------------


def _scenario(everyone: Group, seen: Observations) -> Scenario:
    """The default scenario with the fitted parameters, and with the journal's roster and roles."""
    default = Scenario()
    found: dict[str, dict[str, float]] = {"sms": {}, "voice": {}}
    for name, fitted in everyone.fitted.items():
        if fitted.estimate is not None:
            part, _, field = name.partition(".")
            found[part][field] = _rounded(fitted.estimate.value)
    ring_s = found["voice"].get("ring_s", default.voice.ring_s)
    found["voice"]["ring_timeout_s"] = max(default.voice.ring_timeout_s, ring_s)
    total = sum(seen.fanouts[role] for role in seen.roster)
    roles = [
        Role(name=role, caregivers=people, share=_rounded(seen.fanouts[role] / total))
        for role, people in seen.roster.items()
    ]
    return Scenario.model_validate(
        {
            "description": f"Fitted to a journal of {total} fanouts.",
            "roles": roles,
            "call_outs": default.call_outs.model_dump() | _call_outs(seen),
            "sms": default.sms.model_copy(update=found["sms"]).model_dump(),
            "voice": default.voice.model_copy(update=found["voice"]).model_dump(),
        }
    )


def _call_outs(seen: Observations) -> dict[str, object]:
    """The call-outs in the journal: their number and hours, their lead time, and the length of the shifts."""
    began, starts, ends = (np.array(column, dtype=float) for column in zip(*seen.starts, strict=True))
    # Medians, because a few shifts may be years away, like those of the sample data.
    typical = {
        "lead_s": float(np.median(np.maximum(0, starts - began))) / 1000,
        "shift_s": float(np.median(ends - starts)) / 1000,
    }
    found: dict[str, object] = {
        name: _rounded(value) for name, value in typical.items() if value <= LONGEST_S
    }
    days = (began.max() - began.min()) / DAY_MS
    if len(began) >= LEAST_CALL_OUTS and days >= LEAST_DAYS:
        found["per_day"] = _rounded((len(began) - 1) / days)
    if len(began) >= LEAST_FOR_HOURS and days >= LEAST_DAYS:
        hours = np.bincount((began % DAY_MS // HOUR_MS).astype(int), minlength=HOURS)
        found["by_hour"] = [float(count) for count in hours]
    return found


def _rounded(value: float) -> float:
    """Rounds to four significant digits; no journal says more than that."""
    return float(f"{value:.4g}")


def shown(name: str, value: float) -> str:
    """A value of one of `PARAMETERS`, for people to read."""
    return f"{value:,.1f}" if name.endswith("_s") else f"{value:.3f}"


def default_of(name: str) -> float:
    """The default of one of `PARAMETERS`."""
    part, _, field = name.partition(".")
    return float(getattr(getattr(Scenario(), part), field))


def _thin(everyone: Group) -> list[str]:
    """Which parameters stay at their defaults, and why: one sentence for all that have the same reason."""
    kept: dict[str, list[str]] = {}
    replies = everyone.fitted[MEDIAN].n
    for name, fitted in everyone.fitted.items():
        if fitted.estimate is None:
            n = replies if name == REPLY else fitted.n
            enough, counted = ENOUGH[name], COUNTED[name]
            why = f"only {n} {counted}, and {enough} are needed"
            if n >= enough:
                why = "the replies seen do not tell people who reply late from people who never do"
                if name == RING:
                    why = "all calls were answered in the millisecond in which they began"
            kept.setdefault(why, []).append(f"{name} = {default_of(name):g}")
    return [
        f"Too little data, so the default is kept: {', '.join(names)} ({why})." for why, names in kept.items()
    ]


def _differences(roles: Sequence[Group]) -> list[str]:
    """Where the intervals of two roles do not overlap."""
    notes = []
    for name in PARAMETERS:
        known = [(g.name, e) for g in roles if (e := g.fitted[name].estimate) is not None]
        if not known:
            continue
        low_role, low = min(known, key=lambda item: item[1].value)
        high_role, high = max(known, key=lambda item: item[1].value)
        if low.high < high.low:
            least, most = shown(name, low.value), shown(name, high.value)
            notes.append(
                f"{name} differs clearly between roles, {least} for {low_role} and {most} for {high_role}: "
                "a scenario has one value for all roles, so simulate these roles separately."
            )
    return notes


def _cautions(seen: Observations) -> list[str]:
    found = _call_outs(seen)
    notes = ["A journal does not show send rates, prices and the ring timeout, so they keep their defaults."]
    notes += [
        f"call_outs.{name} keeps its default: in the journal it is longer than {LONGEST_S // 86_400} days."
        for name in ("lead_s", "shift_s")
        if name not in found
    ]
    kept = [name for name in ("per_day", "by_hour") if name not in found]
    if kept:
        notes.append(
            f"Too few call-outs, so the default is kept: {', '.join(f'call_outs.{name}' for name in kept)} "
            f"({len(seen.starts)} seen; {LEAST_CALL_OUTS} over {LEAST_DAYS} days are needed for per_day, "
            f"{LEAST_FOR_HOURS} for by_hour)."
        )
    if not seen.unplaced:
        return notes
    one = seen.unplaced == 1
    return [
        *notes,
        f"{seen.unplaced} {'reply' if one else 'replies'} could have meant several shifts, and "
        f"{'counts' if one else 'count'} only from when the caregiver said which, or not at all. People may "
        "reply a little sooner and more often than fitted.",
    ]


def predicted(estimate: Sequence[Estimate], seconds: NDArray[np.float64]) -> NDArray[np.float64]:
    """The fitted share of texts that have a reply by each of these times, p F(t)."""
    reply, median, sigma = (part.value for part in estimate)
    return np.asarray(reply * stats.lognorm.cdf(seconds, s=sigma, scale=median))
