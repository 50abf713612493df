"""Two hundred say yes at the same time: exactly one gets the shift, every time."""

import json
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import anyio
import pytest
from anyio import create_task_group

from core.commands import Load
from core.desk import decide
from core.gather import gather
from core.invariants import violations
from core.model import Caregiver, LoadFile
from service.stores.queries import ServiceStore
from service.stores.sqlite.store import SqliteStore
from tests.core.agency import BEGIN_MS, shift
from tests.service.service_fixture import Json, running_service, served

CROWD = tuple(
    Caregiver(id=f"c{number}", name="N", role="RN", phone=f"+1555{number:04}") for number in range(200)
)
FAR_H = 24 * 365 * 11
# Days apart, so that who wins one may win another.
ROUNDS = tuple(shift(f"r{number}", "RN", FAR_H + 48 * number) for number in range(5))

Ask = Callable[[str, Json], Awaitable[Json]]


def fill(store: ServiceStore) -> None:
    load = [Load(LoadFile(shifts=ROUNDS, caregivers=CROWD))]
    store.commit(decide(load, gather(store, load, BEGIN_MS)))


async def race(ask: Ask, shift_id: str) -> None:
    """Everybody accepts at once; whoever loses hears it, and the winner keeps it."""
    started = await ask(f"/shifts/{shift_id}/fanout", {})
    assert len(started["contacted"]) == 200
    answers: list[Json] = []

    async def accept(person: Caregiver) -> None:
        message = {
            "from": person.phone,
            "body": "yes",
            "shift_id": shift_id,
            "message_id": f"{shift_id}-{person.id}",
        }
        answers.append(await ask("/messages/inbound", message))

    async with create_task_group() as tasks:
        for person in CROWD:
            tasks.start_soon(accept, person)
    told = Counter(answer["status"] for answer in answers)
    assert told == {"claimed": 1, "already_claimed": 199}
    (winner,) = [answer["caregiver_id"] for answer in answers if answer["status"] == "claimed"]
    assert (await ask(f"/shifts/{shift_id}/assign", {"caregiver_id": winner}))["status"] == "already_yours"


def passes(store: ServiceStore) -> None:
    entries = store.events(0, 10**9)
    assert violations(entries) == []
    assert Counter(entry.event.kind for entry in entries)["claimed"] == len(ROUNDS)


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["trio"])
async def test_in_process_on_trio(store: ServiceStore) -> None:
    fill(store)
    async with running_service(store) as fixture:

        async def ask(path: str, body: Json) -> Json:
            answer = await fixture.post(path, body)
            assert answer.status_code == 200, answer.text
            found: Json = answer.json()
            return found

        for each in ROUNDS:
            await race(ask, each.id)
        await fixture.settle()
        fixture.hear_all()
    passes(store)


async def post(port: int, path: str, body: Json) -> Json:
    """A request on a connection of its own: a pool of two hundred would be the slowest runner."""
    content = json.dumps(body).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    head += f"Content-Length: {len(content)}\r\n\r\n"
    async with await anyio.connect_tcp("127.0.0.1", port) as stream:
        await stream.send(head.encode() + content)
        answer = b"".join([part async for part in stream])
    assert answer.startswith(b"HTTP/1.1 200 "), answer
    found: Json = json.loads(answer.partition(b"\r\n\r\n")[2])
    return found


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_over_a_socket_on_asyncio(tmp_path: Path) -> None:
    with closing(SqliteStore(tmp_path / "race.db")) as store:
        fill(store)
        async with served(store) as port:
            for each in ROUNDS:
                await race(partial(post, port), each.id)
        passes(store)


@pytest.mark.anyio
async def test_accepts_among_other_commands(store: ServiceStore) -> None:
    """Claims, give-backs, cancels and ticks at once: whoever is told "claimed" had it, one after another."""
    fill(store)
    async with running_service(store) as fixture:
        await fixture.post("/shifts/r0/fanout")
        await fixture.settle()
        told: Counter[str] = Counter()

        async def say(person: Caregiver, body: str) -> None:
            message = {"from": person.phone, "body": body, "shift_id": "r0"}
            told[(await fixture.post("/messages/inbound", message)).json()["status"]] += 1

        async with create_task_group() as tasks:
            for number, person in enumerate(CROWD[:60]):
                tasks.start_soon(say, person, "yes")
                tasks.start_soon(say, person, "no")
                if number % 20 == 0:
                    tasks.start_soon(fixture.post, "/shifts/r0/release", {})
        await fixture.settle()
        fixture.hear_all()
        kinds = Counter(fixture.kinds("r0"))
        assert told["claimed"] == kinds["claimed"] > 0
        holder = (await fixture.get("/shifts/r0"))["fanout"]["holder"]
        assert (kinds["claimed"] - kinds["released"] == 1) == (holder is not None)
