"""Plots of what a tuning found. Lines differ in style as well as in color, so they also work in gray."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from sim.outcomes import Estimate
from sim.tuning import Choice, Screening

# Okabe and Ito's colors, which color-blind people can tell apart, from dark to light.
INK, BLUE, VERMILION, GREEN, GREY = "#1a1a1a", "#0072B2", "#D55E00", "#009E73", "#8c8c8c"
DPI = 150


def figure(width: float, height: float) -> Figure:
    """An empty figure, its size in inches. It can be drawn without a display."""
    made = Figure(figsize=(width, height), dpi=DPI, layout="constrained")
    FigureCanvasAgg(made)
    return made


def tidy(axes: Axes, title: str, x: str, y: str) -> None:
    """Title, labels and a light grid."""
    axes.set_title(title, loc="left", fontsize=11, color=INK)
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.grid(color="#e5e5e5", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)


def band(axes: Axes, x: Sequence[float], known: Sequence[Estimate], scale: float, **line: object) -> None:
    """A line with its 95 % band."""
    values, lows, highs = (scale * np.array(part) for part in zip(*known, strict=True))
    (drawn,) = axes.plot(x, values, **line)  # type: ignore[arg-type]
    axes.fill_between(x, lows, highs, color=drawn.get_color(), alpha=0.25, linewidth=0)


def curves(screening: Screening, choice: Choice) -> Figure:
    """Shifts filled, time to fill and calls against the delay, with 95 % bands and the recommendation."""
    figures, limit_s = screening.figures, choice.target.limit_s
    minutes = [delay_ms / 60_000 for delay_ms in screening.delays_ms]
    drawn = figure(8, 8)
    share, times, calls = drawn.subplots(3, 1, sharex=True)
    band(
        share, minutes, figures.per_shift(figures.within[limit_s]), 100,
        color=BLUE, linewidth=2, label=f"filled within {limit_s // 60} min",
    )  # fmt: skip
    band(
        share, minutes, figures.per_shift(figures.filled), 100,
        color=GREY, linewidth=2, linestyle="--", label="ever filled",
    )  # fmt: skip
    tidy(share, "The later the calls, the fewer shifts are filled in time", "", "share of shifts, %")
    share.set_ylim(0, 100)
    share.legend(frameon=False, loc="lower right")
    band(
        times, minutes, figures.mean_fill_s(), 1 / 60,
        color=BLUE, linewidth=2, label="mean of the filled shifts",
    )  # fmt: skip
    median = np.array(screening.quantile_s(0.5)) / 60
    if np.isfinite(median).any():
        times.plot(minutes, median, color=VERMILION, linewidth=2, linestyle=":", label="median of all shifts")
    tidy(times, "... and the longer it takes", "", "time to fill, min")
    times.set_ylim(bottom=0)
    times.legend(frameon=False, loc="lower right")
    band(calls, minutes, figures.per_shift(figures.calls), 1, color=GREEN, linewidth=2)
    tidy(calls, "... but fewer people are phoned", "escalation delay, min", "calls per shift")
    calls.set_ylim(bottom=0)
    for axes in (share, times, calls):
        axes.axvline(minutes[choice.at], color=INK, linewidth=1, linestyle=(0, (4, 3)))
    share.annotate(
        f" recommended: {minutes[choice.at]:g} min", (minutes[choice.at], 8), color=INK, fontsize=9
    )
    return drawn


def pareto(screening: Screening, choice: Choice) -> Figure:
    """What a shorter time to fill costs: one point per delay, and the recommendation."""
    figures = screening.figures
    cost = np.array([100 * known.value for known in figures.per_shift(figures.cost)])
    times = np.array([known.value / 60 for known in figures.mean_fill_s()])
    meets = np.isin(np.arange(len(cost)), choice.meets)
    drawn = figure(8, 5)
    axes = drawn.subplots()
    axes.plot(cost, times, color=GREY, linewidth=1)
    axes.plot(cost[meets], times[meets], "o", color=BLUE, markersize=5, label=f"meets {choice.target}")
    axes.plot(
        cost[~meets], times[~meets], "o", markerfacecolor="white", markeredgecolor=GREY, markersize=5,
        label="does not",
    )  # fmt: skip
    axes.plot(
        cost[choice.at], times[choice.at], "D", color=VERMILION, markersize=10,
        label=f"recommended: {screening.delays_ms[choice.at] / 60_000:g} min",
    )  # fmt: skip
    for at in sorted({0, len(cost) - 1}):
        axes.annotate(
            f"{screening.delays_ms[at] / 60_000:g} min", (cost[at], times[at]), xytext=(8, 4),
            textcoords="offset points", fontsize=9,
        )  # fmt: skip
    tidy(
        axes, "What filling shifts sooner costs", "texts and calls, cents per shift",
        "mean time to fill, min (of the filled shifts)",
    )  # fmt: skip
    axes.margins(x=0.1)
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False, loc="upper right")
    return drawn
