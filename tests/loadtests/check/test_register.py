"""The checker's two procedures say what trying every order says."""

from collections import Counter
from random import Random

from loadtests.check.register import Effect, search, sticky
from tests.loadtests.check.brute import explicable, random_steps

GIVES_BACK = (Effect.YIELD, Effect.MAYBE_YIELD)
STICKY = tuple(effect for effect in Effect if effect not in GIVES_BACK)
# Of every kind enough that a mistake in a rare corner would show.
HISTORIES = 100_000


def test_sticky_agrees_with_trying_every_order():
    random, verdicts = Random(2035), Counter[bool]()
    for _ in range(HISTORIES):
        steps = random_steps(random, 6, STICKY)
        expected = explicable(steps)
        assert (sticky(steps) is None) == expected, steps
        assert (search(steps) is None) == expected, steps
        verdicts[expected] += 1
    assert min(verdicts.values()) > HISTORIES / 4, "both verdicts must be common"


def test_search_agrees_with_trying_every_order():
    random, verdicts = Random(2036), Counter[bool]()
    for _ in range(HISTORIES):
        steps = random_steps(random, 6, tuple(Effect))
        expected = explicable(steps)
        assert (search(steps) is None) == expected, steps
        verdicts[expected] += 1
    assert min(verdicts.values()) > HISTORIES / 4, "both verdicts must be common"
