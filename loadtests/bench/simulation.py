"""How fast the simulation is, compared with a model written by hand and with its own floor."""

import resource
import time
from collections.abc import Callable, Generator
from functools import partial
from math import inf, log
from random import Random
from statistics import median

import simpy

from loadtests.bench.section import Goal, Section
from sim.draws import BLOCK, draw, stream
from sim.engines import independent, sweep
from sim.runs import Backend, Workers, frozen, keep_memory
from sim.scenario import Scenario, delay_policy, load

DELAY_MS = 600_000
DELAYS_MS = [60_000 * minutes for minutes in range(61)]
BY_HAND_SHIFTS = 4_000
BLOCKS = 20  # swept in one run
PIECES = 16  # handed to workers, in the comparison of one worker with two
PIECE_BLOCKS = 120
SEED = 1
CORE_GOAL, SWEEP_GOAL, MEMORY_GOAL, WORKERS_GOAL = 2.0, 0.6, 1.0, 1.8
SMALL = {"runs": 1, "blocks": 1, "by_hand_shifts": 20, "pieces": 2, "backends": ("loky",)}


def by_hand(scenario: Scenario, shifts: int) -> int:
    """The idiomatic SimPy model, without the core: one process for each caregiver.

    Returns how many shifts were filled.
    """
    rng = Random(SEED)
    sms, voice, people = scenario.sms, scenario.voice, scenario.roles[0].caregivers
    location, picked_up_s = log(sms.latency_median_s), DELAY_MS / 1000 + voice.ring_s
    filled_s: list[float] = []

    def caregiver(env: simpy.Environment, shift: list[float]) -> Generator[simpy.Event, None, None]:
        replies = rng.random() < sms.reply_probability
        latency_s = rng.lognormvariate(location, sms.latency_sigma) if replies else inf
        if latency_s > picked_up_s:
            yield env.timeout(picked_up_s)
            if shift:
                return
            if rng.random() < voice.answer_probability:
                if rng.random() < voice.accept_probability:
                    shift.append(env.now)
                return
            latency_s -= picked_up_s
        if latency_s < inf:
            yield env.timeout(latency_s)
            if not shift and rng.random() < sms.accept_probability:
                shift.append(env.now)

    for _ in range(shifts):
        env, shift = simpy.Environment(), list[float]()
        for _ in range(people):
            env.process(caregiver(env, shift))
        env.run()
        filled_s += shift
    return len(filled_s)


def through_the_core(scenario: Scenario) -> None:
    independent.simulate(scenario, delay_policy(DELAY_MS), draw(scenario, SEED, 0))


def random_numbers(scenario: Scenario, blocks: range) -> None:
    """Only the generator's numbers, without turning them into times and answers."""
    people = scenario.roles[0].caregivers
    for number in blocks:
        rng = stream(SEED, number)
        rng.random((4, people, BLOCK))
        rng.standard_normal((people, BLOCK))
        rng.random(BLOCK)


def draw_blocks(scenario: Scenario, blocks: range) -> None:
    for number in blocks:
        draw(scenario, SEED, number)


def sweep_blocks(scenario: Scenario, blocks: range) -> int:
    return sum(
        int(sweep.sweep(scenario, draw(scenario, SEED, number), DELAYS_MS).calls[0]) for number in blocks
    )


def sweep_piece(blocks: int, piece: int) -> int:
    return sweep_blocks(load("textbook"), range(piece * blocks, (piece + 1) * blocks))


def timed(work: Callable[[], object]) -> float:
    with frozen():
        begun = time.perf_counter()
        work()
        return time.perf_counter() - begun


def workers_take(jobs: int, backend: Backend, pieces: int, blocks: int) -> float:
    """Seconds for all pieces of this many blocks each."""
    sweep_one = partial(sweep_piece, blocks)
    with Workers(jobs, backend).running() as workers:
        list(workers.map(sweep_one, range(2 * jobs)))  # start them
        begun = time.perf_counter()
        list(workers.map(sweep_one, range(pieces)))
        return time.perf_counter() - begun


def memory_ratio(scenario: Scenario, blocks: int) -> float:
    """Peak memory after ten times as many shifts, compared with before."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sweep_blocks(scenario, range(10 * blocks))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / before


def measure(
    runs: int = 5,
    blocks: int = BLOCKS,
    by_hand_shifts: int = BY_HAND_SHIFTS,
    pieces: int = PIECES,
    backends: tuple[Backend, ...] = ("loky", "dask"),
) -> Section:
    """All kinds alternate in one process; then two workers are compared with one."""
    scenario, swept = load("textbook"), range(blocks)
    keep_memory()
    kinds: dict[str, tuple[int, Callable[[], object]]] = {
        "core": (BLOCK, lambda: through_the_core(scenario)),
        "by hand": (by_hand_shifts, lambda: by_hand(scenario, by_hand_shifts)),
        "sweep": (blocks * BLOCK, lambda: sweep_blocks(scenario, swept)),
        "draw": (blocks * BLOCK, lambda: draw_blocks(scenario, swept)),
        "numbers": (blocks * BLOCK, lambda: random_numbers(scenario, swept)),
    }
    took_s: dict[str, list[float]] = {kind: [] for kind in kinds}
    for _ in range(runs):
        for kind, (_, work) in kinds.items():
            took_s[kind].append(timed(work))
    rate = {kind: shifts / median(took_s[kind]) for kind, (shifts, _) in kinds.items()}
    memory = memory_ratio(scenario, blocks)
    size = max(1, PIECE_BLOCKS * blocks // BLOCKS)
    gains: dict[Backend, float] = {
        backend: median(
            workers_take(1, backend, pieces, size) / workers_take(2, backend, pieces, size)
            for _ in range(runs // 2 + 1)
        )
        for backend in backends
    }
    return section(rate, memory, gains, runs)


def section(rate: dict[str, float], memory: float, gains: dict[Backend, float], runs: int) -> Section:
    core, swept = rate["core"] / rate["by hand"], rate["sweep"] / rate["draw"]
    return Section(
        "Simulation",
        f"Independent shifts of 20 caregivers on one core, without the service. Medians of {runs} "
        "alternating runs in one process. The model written by hand is idiomatic SimPy, one process for each "
        "caregiver, without the core. NumPy computes 61 delays at once; its floor is drawing the same random "
        "replies.",
        ("", "shifts/s", "ratio"),
        (
            ("SimPy through the core", f"{rate['core']:,.0f}", ""),
            ("SimPy written by hand", f"{rate['by hand']:,.0f}", ""),
            ("core / by hand", "", f"{core:.2f}"),
            ("NumPy, 61 delays at once", f"{rate['sweep']:,.0f}", ""),
            ("drawing the same blocks", f"{rate['draw']:,.0f}", ""),
            ("NumPy / drawing", "", f"{swept:.2f}"),
            ("the random numbers alone", f"{rate['numbers']:,.0f}", ""),
            ("NumPy / random numbers", "", f"{rate['sweep'] / rate['numbers']:.2f}"),
            ("peak memory, ten times as many shifts / before", "", f"{memory:.2f}"),
            *((f"two workers of {backend} / one", "", f"{gain:.2f}") for backend, gain in gains.items()),
        ),
        (
            Goal(f"Goal: the core {CORE_GOAL:g} times as fast as by hand", core >= CORE_GOAL),
            Goal(f"Goal: NumPy at least {SWEEP_GOAL:g} of the rate of drawing", swept >= SWEEP_GOAL),
            Goal("Goal: memory does not grow with the number of shifts", round(memory, 2) <= MEMORY_GOAL),
            *(
                Goal(
                    f"Goal: two workers of {backend} at least {WORKERS_GOAL:g} times one",
                    gain >= WORKERS_GOAL,
                )
                for backend, gain in gains.items()
            ),
        ),
    )
