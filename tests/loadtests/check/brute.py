"""A second opinion on `loadtests.check.register`: every order, one after another."""

from collections.abc import Callable, Sequence
from math import inf
from random import Random

from msgspec.structs import replace

from loadtests.check.register import Effect, Step

Register = str | None

# For each effect: whether it can have found the register so, and what it leaves.
RULES: dict[Effect, tuple[Callable[[Register, Register], bool], Callable[[Register, Register], Register]]] = {
    Effect.WIN: (lambda had, who: had is None, lambda had, who: who),
    Effect.YIELD: (lambda had, who: had is not None and had == who, lambda had, who: None),
    Effect.MINE: (lambda had, who: had == who, lambda had, who: had),
    Effect.THEIRS: (lambda had, who: had not in (None, who), lambda had, who: had),
    Effect.NOT_MINE: (lambda had, who: had != who, lambda had, who: had),
    Effect.FREE: (lambda had, who: had is None, lambda had, who: had),
    Effect.MAYBE_WIN: (lambda had, who: True, lambda had, who: who if had is None else had),
    Effect.MAYBE_YIELD: (lambda had, who: True, lambda had, who: None if who in (None, had) else had),
}


def explicable(steps: Sequence[Step], had: Register = None) -> bool:
    """Whether some order of the steps, that respects time, explains every one of them."""
    if all(step.effect in (Effect.MAYBE_WIN, Effect.MAYBE_YIELD) for step in steps):
        return True  # none of them needs to have happened
    for number, step in enumerate(steps):
        rest = [*steps[:number], *steps[number + 1 :]]
        possible, leaves = RULES[step.effect]
        if any(other.complete < step.invoke for other in rest) or not possible(had, step.who):
            continue
        if explicable(rest, leaves(had, step.who)):
            return True
    return False


def random_steps(random: Random, most: int, effects: Sequence[Effect]) -> list[Step]:
    """A history of up to `most` steps, half of them a true story with up to one lie, half mere chance."""
    people = [f"c{number}" for number in range(random.randint(1, 3))]
    steps, had = [], None
    honest = random.random() < 0.5
    for moment in range(0, 2 * random.randint(1, most), 2):
        effect, who = random.choice(effects), random.choice(people)
        while honest and not RULES[effect][0](had, who):
            effect, who = random.choice(effects), random.choice(people)
        # A coordinator takes it back from whoever has it.
        coordinator = effect is Effect.MAYBE_YIELD and random.random() < 0.3
        person = None if effect is Effect.FREE or coordinator else who
        had = RULES[effect][1](had, person) if honest else None
        invoke = moment - random.choice((0, 0, 1, 2, 5))
        maybe = effect in (Effect.MAYBE_WIN, Effect.MAYBE_YIELD)
        complete = inf if maybe else moment + random.choice((0, 0, 1, 2, 5))
        steps.append(Step(effect, person, invoke, complete, len(steps)))
    if honest and steps and random.random() < 0.5:  # the lie
        at = random.randrange(len(steps))
        lie = random.choice(people)
        if steps[at].who is not None:
            steps[at] = replace(steps[at], who=lie)
        else:
            steps[at] = Step(Effect.MINE, lie, steps[at].invoke, steps[at].complete, at)
    return random.sample(steps, len(steps))
