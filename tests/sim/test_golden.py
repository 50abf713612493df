"""The engines still say what they said before the core was restructured, to the last digit."""

import json
from math import isclose
from typing import Any

import pytest

from tests.sim import golden

GOLDEN: dict[str, Any] = json.loads(golden.FILE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def today() -> dict[str, Any]:
    return dict(golden.cases())


def test_the_cases_are_those_of_the_file(today: dict[str, Any]) -> None:
    assert list(today) == list(GOLDEN)


@pytest.mark.parametrize("case", GOLDEN)
def test_outcomes_are_as_they_were(case: str, today: dict[str, Any]) -> None:
    assert first_difference(GOLDEN[case], today[case]) is None


def test_a_difference_is_named() -> None:
    was = {"sums": {"texts": 3}, "first": {"fill_ms": [1, 2]}, "mean": 0.5}
    assert first_difference(was, was | {"mean": 0.5 + 1e-16}) is None
    assert first_difference(was, was | {"mean": 0.51}) == "mean was 0.5 and is 0.51"
    assert first_difference(was, was | {"first": {"fill_ms": [1, 7]}}) == "first.fill_ms.1 was 2 and is 7"
    assert first_difference(was, {"sums": {"texts": 3}}) == "first is missing"
    assert first_difference({}, {"sums": 1}) == "sums is new"


def first_difference(was: Any, now: Any, place: str = "") -> str | None:
    """Where the two first differ and how; None if they are the same.

    Fractions may differ in the last digits, as they do from one processor to another.
    """
    if isinstance(was, list) and isinstance(now, list):
        was, now = dict(enumerate(was)), dict(enumerate(now))
    if isinstance(was, dict) and isinstance(now, dict):
        for name in [*was, *(name for name in now if name not in was)]:
            inside = f"{place}.{name}" if place else str(name)
            if name not in now:
                return f"{inside} is missing"
            if name not in was:
                return f"{inside} is new"
            if found := first_difference(was[name], now[name], inside):
                return found
        return None
    close = isinstance(was, float) and isinstance(now, float) and isclose(was, now, rel_tol=1e-12)
    return None if close or was == now else f"{place} was {was} and is {now}"
