"""HTTP for Locust: requests that are recorded whatever their outcome, and the seeding of a service."""

import json
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

from gevent.pool import Pool
from locust.contrib.fasthttp import FastHttpSession
from locust.env import Environment
from locust.event import EventHook

from loadtests.cast import POLICY, Cast
from loadtests.check.history import MISDIRECTED, Action, Request, outcome_of
from loadtests.check.remote import authorization

log = logging.getLogger("fanout")

TIMEOUT_S = 30.0
SEEDERS = 32
JSON = {"Content-Type": "application/json"}


class SeedingFailed(Exception):
    """The service did not store what the run needs; the message is one sentence."""


def session_to(host: str, environment: Environment | None = None) -> FastHttpSession:
    """A client that belongs to no user. Without an environment, Locust does not count its requests."""
    request = environment.events.request if environment is not None else EventHook()
    return FastHttpSession(
        host, request, None, network_timeout=TIMEOUT_S, connection_timeout=TIMEOUT_S, headers=authorization()
    )


def ask(
    session: FastHttpSession,
    record: Callable[[Request, str], None],
    action: Action,
    shift_id: str,
    path: str,
    body: str | None = None,
    *,
    process: int,
    intended_ns: int | None = None,
    caregiver: str | None = None,
    message: str | None = None,
) -> Request:
    """Sends and records one request, whatever its outcome: a POST, or a GET if there is no body.

    To Locust a refusal is a success; only an unknown outcome is a failure.
    """
    invoke_ns = time.monotonic_ns()
    complete_ns: int | None = None
    answer: Mapping[str, Any] = {}
    outcome, status = outcome_of(action, 0, None)
    method = "GET" if body is None else "POST"
    try:
        with session.request(
            method, path, name=action, data=body, headers=JSON, catch_response=True
        ) as response:
            if response.status_code:
                complete_ns = time.monotonic_ns()
                answer = parsed(response.content)
                if message is not None and not matches(answer, caregiver, shift_id):
                    outcome, status = "done", MISDIRECTED
                else:
                    outcome, status = outcome_of(action, response.status_code, word(action, answer))
            if outcome == "unknown":
                response.failure(status)
            else:
                response.success()
    finally:  # the user may be killed while waiting
        recorded = Request(
            action, process, shift_id, caregiver, message, intended_ns or invoke_ns, invoke_ns,
            complete_ns if outcome != "unknown" else None, outcome, status, holder(action, answer),
        )  # fmt: skip
        record(recorded, body or "")
    return recorded


def parsed(content: bytes | None) -> Mapping[str, Any]:
    """The JSON object in a body, or an empty one if there is none."""
    try:
        answer = json.loads(content or b"")
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def matches(answer: Mapping[str, Any], caregiver: str | None, shift_id: str) -> bool:
    """Whether an answer names no other caregiver or shift than its message did."""
    named = answer.get("caregiver_id", caregiver), answer.get("shift_id", shift_id)
    return named == (caregiver, shift_id)


def word(action: Action, answer: Mapping[str, Any]) -> str | None:
    """The answer's own word for the outcome."""
    found = fanout(answer) if action == "read" else answer
    status = found.get("status")
    if action == "read" and status is None and "fanout" in answer:  # a peer that reports only the holder
        return "open" if found.get("holder") is None else "filled"
    return status if isinstance(status, str) else None


def holder(action: Action, answer: Mapping[str, Any]) -> str | None:
    """Who holds the shift (a read) or held it (a release) according to the answer."""
    found = fanout(answer).get("holder") if action == "read" else answer.get("caregiver_id")
    return found if action in ("read", "release") and isinstance(found, str) else None


def fanout(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    found = answer.get("fanout")
    return found if isinstance(found, dict) else {}


def seed(host: str, cast: Cast, fanned_out: int) -> None:
    """Stores the cast and starts the fanouts of its first `fanned_out` shifts. Raises `SeedingFailed`."""
    session = session_to(host)
    failed: list[str] = []

    def send(method: str, path: str, body: str) -> None:
        if failed:
            return
        with session.request(method, path, data=body or None, headers=JSON, catch_response=True) as response:
            response.success()
            if not response.status_code:
                failed.append(f"the service at {host} cannot be reached: is it running?")
            elif response.status_code >= 400:
                answer = str(response.text)[:300]
                failed.append(f"{method} {path} was answered with {response.status_code}: {answer}")

    def send_all(method: str, requests: list[tuple[str, str]]) -> None:
        pool = Pool(SEEDERS)
        for path, body in requests:
            pool.spawn(send, method, path, body)
        pool.join()
        if failed:
            raise SeedingFailed(failed[0])

    people, shifts = cast.caregivers(), [cast.shift(number) for number in range(cast.shifts)]
    log.info(f"storing {len(people):,} caregivers and {len(shifts):,} shifts")
    send_all("PUT", [(f"/policies/{cast.organization}", POLICY.model_dump_json())])
    send_all("PUT", [(f"/caregivers/{one.id}", one.model_dump_json()) for one in people])
    send_all("PUT", [(f"/shifts/{one.id}", one.model_dump_json()) for one in shifts])
    log.info(f"starting {fanned_out:,} fanouts")
    send_all("POST", [(f"/shifts/{one.id}/fanout", "") for one in shifts[:fanned_out]])
