"""What each trick of the core gains, beside the plain way to write the same.

    uv run python -m loadtests.bench.tricks

Prints the medians of alternating runs. A claim makes about a dozen records, three states and an offer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from timeit import repeat

from core.events import Claimed, Replied
from core.fanout import State, Status, evolve
from core.offers import Offer

RUNS, TIMES = 15, 20_000


@dataclass(frozen=True, slots=True)
class FrozenReplied:
    """`core.events.Replied`, as a dataclass that is frozen at run time."""

    at_ms: int
    caregiver_id: str
    intent: str
    result: str
    kind: str = "replied"


OPEN = State("RN", 1_000, 2_000, generation=1, status=Status.OPEN, version=2)
OFFER = Offer("s1", "ann", "B", 1, 0, 1)
CLAIMED = Claimed(5, "ann")


def plain_evolve() -> State:
    """What `evolve` would do for a claim if it looked at nothing."""
    return OPEN._replace(status=Status.FILLED, holder="ann", since_ms=5, version=3, last_ms=5)


TRICKS: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
    "records that only the type checker keeps frozen": (
        lambda: Replied(5, "ann", "accept", "claimed"),
        lambda: FrozenReplied(5, "ann", "accept", "claimed"),
    ),
    "evolve, beside a _replace that looks at nothing": (lambda: evolve(OPEN, CLAIMED), plain_evolve),
    "an answered offer by its constructor instead of _replace": (
        lambda: OFFER.answered("accept", 5),
        lambda: OFFER._replace(answered_ms=5, answer="accept"),
    ),
}


def main() -> None:
    print(f"{'':58}{'trick, us':>10}{'plain, us':>11}{'plain / trick':>15}")
    for name, (trick, plain) in TRICKS.items():
        tricked, plained = [], []
        for _ in range(RUNS):
            tricked += repeat(trick, number=TIMES, repeat=1)
            plained += repeat(plain, number=TIMES, repeat=1)
        one, other = median(tricked) / TIMES * 1e6, median(plained) / TIMES * 1e6
        print(f"{name:58}{one:10.2f}{other:11.2f}{other / one:15.1f}")


if __name__ == "__main__":
    main()
