"""Runs of many shifts, on as many workers as there are, always with the same result.

Work is cut into numbered pieces (blocks of independent shifts, replications of an agency) that depend on the
seed and their number alone, and sums are added up in that order: so results are the same to the last bit,
however many workers there are, and whichever backend runs them.
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

# Of glibc's malloc.h.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3

REPLICATION_DAYS = 7
"""An agency is simulated by the week, each from a quiet start."""

# Without a number of shifts a run goes on, some pieces at a time, until it knows enough: the fill rate to a
# point and the mean time to fill to 2 %, from 30 pieces at least (the fewest for which intervals that assume
# normal means are taken to hold); or until it has done the most that somebody would wait for.
PIECES_AT_A_TIME = 10
LEAST_PIECES = 30
POINT, RELATIVE, LEAST_FILLED = 0.01, 0.02, 30
MOST_INDEPENDENT, MOST_REPLICATIONS = 100, 300
# Of independent shifts so many write their journal, to be checked.
CHECKED_SHIFTS = 50


class Workers:
    """What runs pieces. Use it as a context manager; `jobs` None: one for each processor we may use."""

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
        """The function's results for the numbers, in their order, as they are ready."""
        numbers = list(numbers)
        if self.backend == "loky" and min(self.jobs, len(numbers)) == 1:
            yield from map(function, numbers)
            return
        with joblib.parallel_config(backend=self.backend, n_jobs=self.jobs):
            yield from joblib.Parallel(return_as="generator")(
                joblib.delayed(_piece)(function, number) for number in numbers
            )


def _piece(function: Callable[[int], T], number: int) -> T:
    """A piece of work in a process of its own."""
    keep_memory()
    return function(number)


def keep_memory() -> None:
    """Lets this process keep the memory that it will need again in a moment.

    By default glibc gives large arrays back to the system and asks for them anew for every block: a sweep
    loses a third of its speed, and more on several workers. Other C libraries are left as they are.
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
    """A summary, and why the run ended ("because ...")."""

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
    """What becomes of the shifts of a scenario under a policy.

    The NumPy engine takes a policy of texts at once and calls after a delay, and the scenario as if its
    shifts were independent. `shifts` or `days` says how many; without either it goes on until it knows
    enough. `progress` is told how many shifts are done, again and again.
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
        # The NumPy engine is done sooner than a worker would have started.
        for tally in map(one, numbers) if engine == "numpy" else workers.map(one, numbers):
            total = tally if total is None else total + tally
            tallies.append(tally.without_bins())
            progress(total.shifts)
        if count is None and len(tallies) >= LEAST_PIECES and (why := _enough(total, summary())):
            return Result(summary(), why)
    assert total is not None
    if not total.shifts:
        raise ValueError("not a single shift fell open in this time; simulate more days")
    if count is None:
        return Result(summary(), "that is the most it simulates")
    asked = (
        f"that is {days} days, in which about {shifts} were to be expected" if not alone and shifts else None
    )
    return Result(summary(), asked or "that is what was asked for")


def shifts_in(scenario: Scenario, days: int) -> int:
    """About how many shifts fall open in so many days; one at least."""
    return max(1, round(days * scenario.call_outs.per_day))


def days_for(scenario: Scenario, shifts: int) -> int:
    """In how many days about so many shifts fall open; one at least."""
    return max(1, round(shifts / scenario.call_outs.per_day))


def _enough(total: Tally | None, summary: Summary) -> str | None:
    """Why a run may end, if it may."""
    fill_s, rate = summary.mean_fill_s, summary.fill_rate
    if rate.half_width > POINT or total is None:
        return None
    known = f"the fill rate is known to {100 * POINT:g} point"
    if total.filled >= LEAST_FILLED and fill_s.half_width <= RELATIVE * fill_s.value:
        return f"{known} and the mean time to fill to {100 * RELATIVE:g} %"
    return f"{known}, and it is next to nothing" if rate.high <= POINT else None


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
    """The first shifts of block `number` in SimPy. Of every run a few write the journal too, and the core's
    invariants must hold in it.
    """
    block = draw(scenario, seed, number)
    if number == 0:
        _check(independent.journal(scenario, policy, block, range(min(shifts, CHECKED_SHIFTS))))
    with frozen():
        return Tally.of(independent.simulate(scenario, policy, block, range(shifts)), scenario.prices)


def agency_tally(scenario: Scenario, policy: Policy, seed: int, number: int, days: int) -> Tally:
    """Replication `number` of an agency. The first of every run writes its journal, and the core's invariants
    must hold in it.
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
    """While it lasts, the collector of garbage does not look at what was there before."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
