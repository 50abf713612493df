"""The report of a race: statistics, a picture, and a page that shows both."""

import base64
import io
import json
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from loadtests.check.checker import Verdict
from loadtests.check.history import History, Request
from loadtests.machine import processor

PERCENTILES = (50.0, 90.0, 99.0, 99.9, 100.0)
FIRST_MS = 100.0
MOST_BARS = 60
MOST_BINS = 40  # of the throughput
LEAST_CLAIMS_PER_BIN = 250
# Okabe and Ito's colors, which color-blind people can tell apart.
INK, BLUE, VERMILION, GREY = "#1a1a1a", "#0072B2", "#D55E00", "#b0b0b0"


class ClaimStatistics(NamedTuple):
    """`latency_ms`: from the intended start to the answer, by percentile. `rate`: answers per second."""

    claims: int
    latency_ms: dict[str, float]
    rate: float
    seconds: float


def answered(history: History) -> list[Request]:
    """The answered claims in order of their answers, without those posted again after the run."""
    claims = [
        request
        for request in history.requests
        if request.action == "claim" and request.complete_ns is not None and request.process >= 0
    ]
    return sorted(claims, key=lambda claim: claim.complete_ns or 0)


def statistics_of(claims: Sequence[Request]) -> ClaimStatistics | None:
    """None if there are no claims."""
    if not claims:
        return None
    latency = latencies_ms(claims)
    names = [f"p{percentile:g}" if percentile < 100 else "max" for percentile in PERCENTILES]
    by_name = dict(zip(names, np.percentile(latency, PERCENTILES).round(3).tolist(), strict=True))
    begun_ns = min(claim.intended_ns for claim in claims)
    seconds = max((claims[-1].complete_ns or 0) - begun_ns, 1) / 1e9
    return ClaimStatistics(len(claims), by_name, round(len(claims) / seconds, 1), round(seconds, 3))


def latencies_ms(claims: Sequence[Request]) -> np.ndarray:
    return np.array([((claim.complete_ns or 0) - claim.intended_ns) / 1e6 for claim in claims])


def race_shown(claims: Sequence[Request]) -> list[Request]:
    """The claims of one shift from the middle of the run, when the server was warm."""
    shifts = list(dict.fromkeys(claim.shift for claim in claims))
    shown = shifts[len(shifts) // 2]
    return [claim for claim in claims if claim.shift == shown]


# --- the picture ---------------------------------------------------------------------------------


def picture(claims: Sequence[Request]) -> Figure:
    """The first moments of one race; latency by percentile; throughput over time."""
    drawn = Figure(figsize=(10, 8), dpi=120, layout="constrained")
    FigureCanvasAgg(drawn)
    axes = drawn.subplot_mosaic([["race", "race"], ["latency", "rate"]], height_ratios=[1.5, 1])
    draw_race(axes["race"], race_shown(claims))
    draw_latency(axes["latency"], latencies_ms(claims))
    draw_rate(axes["rate"], claims)
    return drawn


def draw_race(axes: Axes, claims: Sequence[Request]) -> None:
    """A bar for each caregiver from the claim to its answer, and the period that contains the win.

    The period ends with the first answer, since that answer says that the shift was taken.
    """
    opened_ns = min(claim.intended_ns for claim in claims)
    in_ms = [
        ((claim.invoke_ns - opened_ns) / 1e6, ((claim.complete_ns or 0) - opened_ns) / 1e6, claim.outcome)
        for claim in claims
    ]
    early = [bar for bar in in_ms if bar[0] < FIRST_MS]
    shown = sorted(sorted(early, key=lambda bar: bar[2] != "claimed")[:MOST_BARS])
    for place, (begun, ended, outcome) in enumerate(shown):
        wins = outcome == "claimed"
        axes.barh(
            place, min(ended, FIRST_MS) - begun, left=begun, height=0.75, color=VERMILION if wins else GREY,
            hatch="//" if wins else None, edgecolor=INK if wins else "none", linewidth=0.6,
        )  # fmt: skip
    won = [bar for bar in in_ms if bar[2] == "claimed"]
    if len(won) == 1:
        until = min(ended for _, ended, _ in in_ms)
        axes.axvspan(won[0][0], until, color=BLUE, alpha=0.2, linewidth=0, zorder=0)
    axes.set_ylim(-1, len(shown))
    axes.invert_yaxis()
    axes.set_yticks([])
    axes.set_xlim(0, min(FIRST_MS, max((ended * 1.02 for _, ended, _ in shown), default=FIRST_MS)))
    winners = "one wins" if len(won) == 1 else f"{len(won)} win"
    some = "" if len(shown) == len(claims) else f" ({len(shown)} shown)"
    title = f"{len(claims):,} caregivers claim one shift{some}, {winners}"
    label(axes, title, "ms since the barrier opened", "caregivers")
    legend = {"wins": (VERMILION, 1.0), "is told that it is taken": (GREY, 1.0)}
    if len(won) == 1:
        legend["the win happens in here"] = (BLUE, 0.2)
    lines = [Line2D([], [], color=color, alpha=alpha, linewidth=6) for color, alpha in legend.values()]
    above = (1, 1)
    axes.legend(lines, list(legend), loc="lower right", bbox_to_anchor=above, ncols=3, frameon=False)


def draw_latency(axes: Axes, latency: np.ndarray) -> None:
    """Latency by percentile, on the axes that HdrHistogram uses."""
    ordered = np.sort(latency)
    slower = 1 - np.arange(len(ordered)) / len(ordered)
    axes.plot(1 / slower, ordered, color=BLUE, linewidth=2)
    axes.set_xscale("log")
    ticks = [share for share in (2, 10, 100, 1_000, 10_000) if share <= len(ordered)]
    axes.set_xticks(ticks, [f"{100 * (1 - 1 / share):g} %" for share in ticks])
    axes.minorticks_off()
    axes.set_ylim(bottom=0)
    label(axes, "Latency", "share of the claims", "ms from the intended start")


def draw_rate(axes: Axes, claims: Sequence[Request]) -> None:
    begun_ns = min(claim.intended_ns for claim in claims)
    at_s = np.array([((claim.complete_ns or 0) - begun_ns) / 1e9 for claim in claims])
    bins = max(1, min(MOST_BINS, len(claims) // LEAST_CLAIMS_PER_BIN))
    counts, edges = np.histogram(at_s, bins=bins, range=(0, at_s.max()))
    axes.stairs(counts / np.diff(edges), edges, color=BLUE, linewidth=1.5, fill=True, alpha=0.35)
    axes.set_ylim(bottom=0)
    label(axes, "Claims answered", "s since the first barrier opened", "per second")


def label(axes: Axes, title: str, x: str, y: str) -> None:
    axes.set_title(title, loc="left", fontsize=11, color=INK)
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.grid(color="#e5e5e5", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)


# --- the files -----------------------------------------------------------------------------------


def write(folder: Path, subject: str, history: History, verdict: Verdict) -> list[Path]:
    """Writes report.json, race.png (if there were claims) and report.html. Raises `OSError`."""
    claims = answered(history)
    statistics = statistics_of(claims)
    report = {
        **verdict.as_dict(),
        "subject": subject,
        "run": history.run,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "users": {"asked": history.asked, "started": history.started},
        "claims": statistics._asdict() if statistics else None,
    }
    image = ""
    files = [folder / "report.json"]
    files[0].write_text(json.dumps(report, indent=2) + "\n")
    if claims:
        buffer = io.BytesIO()
        picture(claims).savefig(buffer, format="png")
        image = base64.b64encode(buffer.getvalue()).decode()
        files.append(folder / "race.png")
        files[-1].write_bytes(buffer.getvalue())
    pages = Environment(loader=PackageLoader("loadtests", "."), autoescape=True, undefined=StrictUndefined)
    files.append(folder / "report.html")
    files[-1].write_text(pages.get_template("report.html.jinja").render(report, image=image))
    return files


def machine() -> dict[str, str]:
    return {
        "processor": processor(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "locust": version("locust"),
    }
