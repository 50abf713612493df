"""The plot of a calibration: the replies that were seen, and those that the fit expects."""

import warnings
from math import exp
from typing import Literal, TypeAlias

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator, PercentFormatter
from numpy.typing import NDArray
from scipy import stats

from sim.calibration.fit import MEDIAN, REPLY, SIGMA, Group, predicted
from sim.outcomes import CONFIDENCE
from sim.plots import BLUE, VERMILION, figure

Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]

# In gray they can still be told apart: one is a step line with a band, the other is dashed.
_SEEN, _FITTED, _GREY = BLUE, VERMILION, "#595959"
# With fewer texts left, a single reply makes the curve jump.
_STILL_WATCHED = 20
_TICKS_S = {
    1: "1 s", 4: "4 s", 15: "15 s", 60: "1 min", 240: "4 min", 900: "15 min", 3600: "1 h", 4 * 3600: "4 h",
    86_400: "1 day", 7 * 86_400: "1 week",
}  # fmt: skip


def plot(group: Group) -> Figure:
    """The share of texts with a reply against the time since the text: seen and fitted.

    The seen curve is the Kaplan-Meier estimate (1958), which accounts for texts that were not watched to the
    end, with its 95 % band. Where the curves differ, reply times are not lognormal, or too few texts were
    watched for that long.
    """
    drawn = figure(8, 5)
    axes = drawn.add_subplot()
    axes.set_title("How many reply to a text, and how soon", loc="left", size=14, weight="bold", pad=14)
    axes.set_ylabel("texts with a reply")
    axes.set_xlabel("time since the text\nbelow each time: texts still watched")
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="0.9")
    axes.set_axisbelow(True)
    if group.texts:
        _draw(axes, group)
    else:
        axes.text(0.5, 0.5, "no text was watched", transform=axes.transAxes, ha="center", color=_GREY)
    return drawn


def _draw(axes: Axes, group: Group) -> None:
    watched_s = np.array([text.watched_s for text in group.texts])
    replied = np.array([text.replied for text in group.texts])
    last_reply_s = float(watched_s[replied].max(initial=60))
    median, sigma = group.fitted[MEDIAN].estimate, group.fitted[SIGMA].estimate
    nearly_all_s = median.value * exp(2 * sigma.value) if median and sigma else 0.0
    first_s = max(1.0, float(np.quantile(watched_s, 0.002)))
    last_s = max(10 * first_s, 1.5 * last_reply_s, nearly_all_s)
    axes.set_xscale("log")
    axes.set_xlim(first_s, last_s)
    ticks = {s: name for s, name in _TICKS_S.items() if first_s <= s <= last_s}
    still = [f"{name}\n{np.count_nonzero(watched_s >= s):,}" for s, name in ticks.items()]
    axes.set_xticks(list(ticks), still)
    axes.xaxis.set_minor_locator(NullLocator())
    highest = _draw_seen(axes, watched_s, replied, first_s, last_s)
    highest = max(highest, _draw_fit(axes, group, first_s, last_s))
    axes.set_ylim(0, min(1.02, max(0.05, 1.25 * highest)))
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.legend(loc="upper left", frameon=False)


def _draw_seen(axes: Axes, watched_s: Floats, replied: Flags, first_s: float, last_s: float) -> float:
    """Draws the estimate of Kaplan and Meier while enough texts were watched; returns its highest value."""
    sample = stats.CensoredData(uncensored=watched_s[replied], right=watched_s[~replied])
    seen = stats.ecdf(sample).cdf
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # there is no interval while none or all have replied
        band = seen.confidence_interval(CONFIDENCE, method="log-log")
    until_s = min(last_s, np.sort(watched_s)[-min(len(watched_s), _STILL_WATCHED)])
    shown = seen.quantiles <= until_s
    times = np.concatenate([[first_s], np.maximum(first_s, seen.quantiles[shown]), [until_s]])
    low, share, high = (
        np.concatenate([[0], curve.probabilities[shown], curve.probabilities[shown][-1:]])  # type: ignore[union-attr]
        for curve in (band.low, seen, band.high)  # the stubs wrongly say that the band's are numbers
    )
    axes.fill_between(times, low, high, step="post", color=_SEEN, alpha=0.2, linewidth=0)
    label = f"seen (Kaplan–Meier, 95 % band): {np.count_nonzero(replied):,} replies to {len(replied):,} texts"
    axes.step(times, share, where="post", color=_SEEN, linewidth=1.6, label=label)
    return float(np.nanmax(np.append(high, share)))


def _draw_fit(axes: Axes, group: Group, first_s: float, last_s: float) -> float:
    """Draws the fitted curve with its final value and its median; returns its highest value."""
    reply, median, sigma = (group.fitted[name].estimate for name in (REPLY, MEDIAN, SIGMA))
    if reply is None or median is None or sigma is None:
        axes.plot([], [], " ", label="no fit: too few observations")
        return 0.0
    times = np.geomspace(first_s, last_s, 400)
    label = f"fitted (mixture cure, lognormal with sigma {sigma.value:.2f})"
    axes.plot(times, predicted((reply, median, sigma), times), "--", color=_FITTED, linewidth=2, label=label)
    half = reply.value / 2
    axes.axhline(reply.value, color=_GREY, linewidth=0.9, linestyle=":")
    axes.plot([median.value, median.value], [0, half], color=_GREY, linewidth=0.9, linestyle=":")
    axes.plot([median.value], [half], "o", color=_FITTED, markersize=6)
    _note(axes, f"{reply.value:.0%} reply in the end", (last_s, reply.value), (-4, 4), "right")
    _note(axes, f"half of them within {_spoken(median.value)}", (median.value, half), (12, -9), "left")
    return reply.value


def _spoken(seconds: float) -> str:
    """A time in the unit that people would use for it."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.1f} min" if seconds < 5_400 else f"{seconds / 3600:.1f} h"


def _note(
    axes: Axes, words: str, at: tuple[float, float], off: tuple[int, int], side: Literal["left", "right"]
) -> None:
    axes.annotate(words, at, off, textcoords="offset points", ha=side, color=_GREY, size=10)
