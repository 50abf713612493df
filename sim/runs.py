"""Runs of many shifts on any number of workers, always with the same result.

Work is divided into numbered pieces: blocks of independent shifts, or replications of an agency. A piece
depends only on the seed and its number, and sums are added in the order of the numbers. So results are the
same to the last bit, however many workers there are and whichever backend runs them.
"""

import ctypes
import gc
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeVar

import joblib

from core.events import Entry
from core.invariants import violations
from core.model import Policy
from sim.draws import BLOCK, draw
from sim.engines import agency, independent, sweep
from sim.outcomes import Summary, Tally, summarize, summarize_replications
from sim.scenario import Scenario

Backend = Literal["loky", "dask"]
Engine = Literal["simpy", "numpy"]
T = TypeVar("T")

# From glibc's malloc.h.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3

REPLICATION_DAYS = 7
"""An agency is simulated week by week. Each week starts without open shifts."""

# If no number of shifts is given, a run continues, some pieces at a time, until its results are precise
# enough: the fill rate to one percentage point, and the mean time to fill to 2 %. It takes at least 30
# pieces, the fewest for which intervals that assume normal means are usually trusted, and stops in any case
# after the most that somebody would wait for.
PIECES_AT_A_TIME = 10
LEAST_PIECES = 30
POINT, RELATIVE, LEAST_FILLED = 0.01, 0.02, 30
MOST_INDEPENDENT, MOST_REPLICATIONS = 100, 300
# How many of the independent shifts write their journal, so that it can be checked.
CHECKED_SHIFTS = 50


class Workers:
    """Runs pieces of work, within `with workers.running()`. `jobs` None: one for each available processor."""

    def __init__(self, jobs: int | None = None, backend: Backend = "loky") -> None:
        self.jobs = jobs or len(os.sched_getaffinity(0))
        self.backend = backend

    @contextmanager
    def running(self) -> Iterator["Workers"]:
        """Raises `ImportError` if the backend is not installed."""
        keep_memory()
        with nullcontext() if self.backend == "loky" else _dask(self.jobs):
            yield self

    def map(self, function: Callable[[int], T], numbers: Iterable[int]) -> Iterator[T]:
        """The function's results for the numbers, in their order, as soon as they are ready."""
        numbers = list(numbers)
        if self.backend == "loky" and min(self.jobs, len(numbers)) == 1:
            yield from map(function, numbers)
            return
        with joblib.parallel_config(backend=self.backend, n_jobs=self.jobs):
            yield from joblib.Parallel(return_as="generator")(
                joblib.delayed(_piece)(function, number) for number in numbers
            )


def _piece(function: Callable[[int], T], number: int) -> T:
    """Does one piece of work in a worker process."""
    keep_memory()
    return function(number)


def keep_memory() -> None:
    """Makes this process keep freed memory that it will need again in a moment.

    By default glibc returns the memory of large arrays to the system and requests it again for every block.
    That costs a sweep a third of its speed, and more with several workers. Other C libraries are left alone.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return
    mallopt(_M_TRIM_THRESHOLD, 2**30)
    mallopt(_M_MMAP_THRESHOLD, 2**25)  # the largest that it takes


@contextmanager
def _dask(jobs: int) -> Iterator[None]:
    """A cluster of worker processes on this machine."""
    import dask
    from distributed import Client, LocalCluster

    settings = {"distributed.logging.distributed": "error"}
    with (
        dask.config.set(settings),
        LocalCluster(n_workers=jobs, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster),
    ):
        yield


@dataclass(frozen=True, slots=True)
class Result:
    """A summary, and why the run stopped: the end of a sentence that begins "it stopped because"."""

    summary: Summary
    stopped: str


def simulate(
    scenario: Scenario,
    policy: Policy,
    seed: int,
    workers: Workers,
    *,
    engine: Engine = "simpy",
    shifts: int | None = None,
    days: int | None = None,
    progress: Callable[[int], None] = lambda shifts: None,
) -> Result:
    """Simulates the shifts of a scenario under a policy.

    The NumPy engine only knows policies of texts at once and calls after a delay, and treats all shifts as
    independent. `shifts` or `days` says how much to simulate; without either, the run continues until its
    results are precise enough. `progress` is called with the number of shifts in each piece.
    """
    alone = scenario.independent or engine == "numpy"
    if days is not None and alone:
        shifts = shifts_in(scenario, days)
    one: Callable[[int], Tally]
    if alone:
        one = partial(_block, scenario.made_independent(), policy, seed, engine, shifts)
        count = None if shifts is None else -(-shifts // BLOCK)
    else:
        if days is None and shifts is not None:
            days = days_for(scenario, shifts)
        one = partial(_replication, scenario, policy, seed, days)
        count = None if days is None else -(-days // REPLICATION_DAYS)
    most = count or (MOST_INDEPENDENT if alone else MOST_REPLICATIONS)
    total: Tally | None = None
    tallies: list[Tally] = []

    def summary() -> Summary:
        assert total is not None
        return summarize(total) if alone else summarize_replications(total, tallies)

    while len(tallies) < most:
        numbers = range(len(tallies), min(most, len(tallies) + PIECES_AT_A_TIME))
        # The NumPy engine finishes before a worker process would have started.
        for tally in map(one, numbers) if engine == "numpy" else workers.map(one, numbers):
            total = tally if total is None else total + tally
            tallies.append(tally.without_bins())
            progress(tally.shifts)
        if count is None and len(tallies) >= LEAST_PIECES and (why := _enough(total, summary())):
            return Result(summary(), why)
    assert total is not None
    if not total.shifts:
        raise ValueError("there was no call-out in this time; simulate more days")
    if count is None:
        return Result(summary(), "it had reached its limit")
    if not alone and shifts:
        return Result(summary(), f"about {shifts} shifts were expected in {days} days")
    return Result(summary(), "that is what was asked for")


def shifts_in(scenario: Scenario, days: int) -> int:
    """Roughly how many shifts fall open in so many days; at least one."""
    return max(1, round(days * scenario.call_outs.per_day))


def days_for(scenario: Scenario, shifts: int) -> int:
    """In how many days roughly so many shifts fall open; at least one."""
    return max(1, round(shifts / scenario.call_outs.per_day))


def _enough(total: Tally | None, summary: Summary) -> str | None:
    """Why the run may stop now; None if its results are not precise enough yet."""
    fill_s, rate = summary.mean_fill_s, summary.fill_rate
    if rate.half_width > POINT or total is None:
        return None
    known = f"the fill rate is known to within {100 * POINT:g} point"
    if total.filled >= LEAST_FILLED and fill_s.half_width <= RELATIVE * fill_s.value:
        return f"{known}, and the mean time to fill to within {100 * RELATIVE:g} %"
    return f"{known}, and it is practically zero" if rate.high <= POINT else None


def _block(
    scenario: Scenario, policy: Policy, seed: int, engine: Engine, shifts: int | None, number: int
) -> Tally:
    most = BLOCK if shifts is None else min(BLOCK, shifts - number * BLOCK)
    if engine == "simpy":
        return independent_tally(scenario, policy, seed, number, most)
    delay_ms = policy.rounds[1].after_s * 1000
    outcomes = sweep.outcomes(scenario, draw(scenario, seed, number), delay_ms)
    return Tally.of(outcomes.first(most), scenario.prices)


def _replication(scenario: Scenario, policy: Policy, seed: int, days: int | None, number: int) -> Tally:
    begun = number * REPLICATION_DAYS
    most = REPLICATION_DAYS if days is None else min(REPLICATION_DAYS, days - begun)
    return agency_tally(scenario, policy, seed, number, most)


def independent_tally(scenario: Scenario, policy: Policy, seed: int, number: int, shifts: int) -> Tally:
    """The first shifts of block `number`, by SimPy.

    In the first block a few shifts also write a journal, and the core's invariants must hold in it.
    """
    block = draw(scenario, seed, number)
    if number == 0:
        _check(independent.journal(scenario, policy, block, range(min(shifts, CHECKED_SHIFTS))))
    with frozen():
        return Tally.of(independent.simulate(scenario, policy, block, range(shifts)), scenario.prices)


def agency_tally(scenario: Scenario, policy: Policy, seed: int, number: int, days: int) -> Tally:
    """Replication `number` of an agency.

    The first replication also writes a journal, and the core's invariants must hold in it.
    """
    with frozen():
        played = agency.simulate(scenario, policy, seed, number, days, journal=number == 0)
    _check(played.entries)
    return Tally.of(played.outcomes, scenario.prices)


def _check(entries: Iterable[Entry]) -> None:
    broken = violations(entries)
    assert not broken, broken[:3]


@contextmanager
def frozen() -> Iterator[None]:
    """Within this context the garbage collector ignores all objects that existed before."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
