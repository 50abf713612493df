"""What a service says over HTTP, after a run, about the shifts of the run."""

import json
import os
from collections.abc import Iterable, Sequence

import httpx2
from prometheus_client.parser import text_string_to_metric_families

from core.events import Entry, entry_from
from core.invariants import violations
from loadtests.check.store import StoreState, StoreUnreadable

PAGE = 1_000
TIMEOUT_S = 60.0


def authorization() -> dict[str, str]:
    """A header with the first key of FANOUT_API_KEYS, the variable that configures the service too."""
    keys = json.loads(os.environ.get("FANOUT_API_KEYS") or "[]")
    return {"Authorization": f"Bearer {keys[0]}"} if keys else {}


def client(url: str) -> httpx2.Client:
    return httpx2.Client(base_url=url, headers=authorization(), timeout=TIMEOUT_S)


def read_service(url: str, shift_ids: Iterable[str]) -> StoreState:
    """The journals and holders of these shifts, without those that the service does not know.

    Raises `StoreUnreadable`.
    """
    holders: dict[str, str | None] = {}
    journals: dict[str, Sequence[Entry]] = {}
    try:
        with client(url) as service:
            for shift_id in shift_ids:
                answer = service.get(f"/shifts/{shift_id}")
                if answer.status_code == httpx2.codes.NOT_FOUND:
                    continue
                _checked(answer)
                journal: list[Entry] = []
                while more := _next_entries(service, shift_id, journal):  # until none comes while we look
                    journal += more
                    holders[shift_id] = service.get(f"/shifts/{shift_id}").json()["fanout"]["holder"]
                holders.setdefault(shift_id, answer.json()["fanout"]["holder"])
                journals[shift_id] = journal
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise StoreUnreadable(f"cannot read from the service at {url} what it stored: {error}") from None
    except (ValueError, KeyError, TypeError) as error:
        raise StoreUnreadable(f"{url} does not answer like the service: {error!r}") from None
    broken = [sentence for journal in journals.values() for sentence in violations(journal, whole=False)]
    return StoreState(holders, journals, broken)


def _checked(answer: httpx2.Response) -> httpx2.Response:
    if not answer.is_success:
        path, body = answer.request.url.path, answer.text[:200]
        raise StoreUnreadable(f"GET {path} was answered with {answer.status_code}: {body}")
    return answer


def _next_entries(service: httpx2.Client, shift_id: str, known: Sequence[Entry]) -> list[Entry]:
    """All entries after the known ones."""
    entries: list[Entry] = []
    while True:
        last = (entries or known or (None,))[-1]
        answer = service.get(
            f"/shifts/{shift_id}/events", params={"after": last.seq if last else 0, "limit": PAGE}
        )
        page = [_entry(fields) for fields in _checked(answer).json()["events"]]
        entries += page
        if len(page) < PAGE:
            return entries


def _entry(fields: dict[str, object]) -> Entry:
    return entry_from(**{**fields, "data": json.dumps(fields["data"])})  # type: ignore[arg-type]


def outbox_depth(url: str) -> float:
    """How many texts and calls are waiting to be sent. Raises `StoreUnreadable`."""
    try:
        with client(url) as service:
            text = _checked(service.get("/metrics")).text
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise StoreUnreadable(f"cannot read the metrics of the service at {url}: {error}") from None
    try:
        for family in text_string_to_metric_families(text):
            if family.name == "fanout_outbox_depth":
                return sum(sample.value for sample in family.samples)
    except ValueError:
        pass  # not metrics at all
    raise StoreUnreadable(f"{url}/metrics has no fanout_outbox_depth")
