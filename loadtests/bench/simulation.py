"""How fast the simulation is, beside what most people would write first and beside its own floor.

    uv run python -m loadtests.bench.simulation

Ratios of medians over alternating runs in one process, per core; then how much two workers gain.
"""

import argparse
import resource
import time
from collections.abc import Callable, Generator
from math import inf, log
from random import Random
from statistics import median

import simpy

from sim.draws import BLOCK, draw, stream
from sim.engines import independent, sweep
from sim.runs import Backend, Workers, frozen, keep_memory
from sim.scenario import Scenario, delay_policy, load

DELAY_MS = 600_000
DELAYS_MS = [60_000 * minutes for minutes in range(61)]
HAND_WRITTEN_SHIFTS = 4_000
SWEPT_BLOCKS = 20
SEED = 1
# What a worker gets at a time in the comparison of one worker with two.
BLOCKS_A_PIECE, PIECES = 120, 16


def hand_written(scenario: Scenario, shifts: int) -> int:
    """The idiomatic SimPy model, without the core: a process for each caregiver.

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


def through_the_core(scenario: Scenario, number: int) -> None:
    independent.simulate(scenario, delay_policy(DELAY_MS), draw(scenario, SEED, number))


def timed(work: Callable[[], object]) -> float:
    with frozen():
        begun = time.perf_counter()
        work()
        return time.perf_counter() - begun


def raw_numbers(scenario: Scenario) -> None:
    """Only what the generator gives for `SWEPT_BLOCKS`, not yet made into times and answers."""
    people = scenario.roles[0].caregivers
    for number in range(SWEPT_BLOCKS):
        rng = stream(SEED, number)
        rng.random((4, people, BLOCK))
        rng.standard_normal((people, BLOCK))
        rng.random(BLOCK)


def draw_blocks(scenario: Scenario) -> None:
    for number in range(SWEPT_BLOCKS):
        draw(scenario, SEED, number)


def sweep_blocks(scenario: Scenario, blocks: range = range(SWEPT_BLOCKS)) -> int:
    return sum(
        int(sweep.sweep(scenario, draw(scenario, SEED, number), DELAYS_MS).calls[0]) for number in blocks
    )


def swept_piece(piece: int) -> int:
    return sweep_blocks(load("textbook"), range(piece * BLOCKS_A_PIECE, (piece + 1) * BLOCKS_A_PIECE))


def workers_take(jobs: int, backend: Backend) -> float:
    with Workers(jobs, backend).running() as workers:
        list(workers.map(swept_piece, range(2 * jobs)))  # start them
        begun = time.perf_counter()
        list(workers.map(swept_piece, range(PIECES)))
        return time.perf_counter() - begun


def say(what: str, value: str, goal: str) -> None:
    print(f"{what:<66}{value:>10}   {goal}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=5, help="runs of each (5)")
    runs = parser.parse_args().runs
    scenario = load("textbook")
    keep_memory()
    kinds: dict[str, tuple[int, Callable[[], object]]] = {
        "core": (BLOCK, lambda: through_the_core(scenario, 0)),
        "hand": (HAND_WRITTEN_SHIFTS, lambda: hand_written(scenario, HAND_WRITTEN_SHIFTS)),
        "sweep": (SWEPT_BLOCKS * BLOCK, lambda: sweep_blocks(scenario)),
        "draw": (SWEPT_BLOCKS * BLOCK, lambda: draw_blocks(scenario)),
        "raw": (SWEPT_BLOCKS * BLOCK, lambda: raw_numbers(scenario)),
    }
    took: dict[str, list[float]] = {kind: [] for kind in kinds}
    for _ in range(runs):
        for kind, (_, work) in kinds.items():
            took[kind].append(timed(work))
    rate = {kind: shifts / median(took[kind]) for kind, (shifts, _) in kinds.items()}
    print("independent shifts of 20 caregivers, shifts per second and core")
    say("SimPy through the core", f"{rate['core']:,.0f}", "")
    say("SimPy, written by hand: a process for each caregiver", f"{rate['hand']:,.0f}", "")
    say("  ratio", f"{rate['core'] / rate['hand']:.2f}", "goal 2")
    say("NumPy, 61 delays at once", f"{rate['sweep']:,.0f}", "")
    say("drawing the same blocks", f"{rate['draw']:,.0f}", "")
    say("  ratio", f"{rate['sweep'] / rate['draw']:.2f}", "goal 0.6")
    say("the bare random numbers", f"{rate['raw']:,.0f}", "")
    say("  ratio", f"{rate['sweep'] / rate['raw']:.2f}", "")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sweep_blocks(scenario, range(10 * SWEPT_BLOCKS))
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    say("peak memory after ten times as many shifts / before", f"{after / before:.2f}", "goal 1")
    backends: tuple[Backend, ...] = ("loky", "dask")
    for backend in backends:
        pairs = [(workers_take(1, backend), workers_take(2, backend)) for _ in range(max(1, runs // 2 + 1))]
        gained = median(alone / together for alone, together in pairs)
        say(f"two workers of {backend} / one", f"{gained:.2f}", "goal 1.8")


if __name__ == "__main__":
    main()
