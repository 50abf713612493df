"""Both procedures of the register agree with trying every order."""

from collections import Counter
from random import Random

from loadtests.check.register import GIVING_BACK, Effect, search, write_once
from tests.loadtests.check.brute_force import linearizable, random_operations

WRITE_ONCE = tuple(effect for effect in Effect if effect not in GIVING_BACK)
# Ten times as many as it took to find the rarest mistake that was planted: a search that follows at most
# three choices at a time.
HISTORIES = 100_000


def test_write_once_agrees_with_trying_every_order():
    random, verdicts = Random(2035), Counter[bool]()
    for _ in range(HISTORIES):
        operations = random_operations(random, 6, WRITE_ONCE)
        expected = linearizable(operations)
        assert (write_once(operations) is None) == expected, operations
        assert (search(operations) is None) == expected, operations
        verdicts[expected] += 1
    assert min(verdicts.values()) > HISTORIES / 4, "both verdicts must be common"


def test_search_agrees_with_trying_every_order():
    random, verdicts = Random(2036), Counter[bool]()
    for _ in range(HISTORIES):
        operations = random_operations(random, 6, tuple(Effect))
        expected = linearizable(operations)
        assert (search(operations) is None) == expected, operations
        verdicts[expected] += 1
    assert min(verdicts.values()) > HISTORIES / 4, "both verdicts must be common"
