"""Clients that start fanouts and answer them, and do not give up when the service dies."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import anyio
import httpx2

from tests.crash.witness import Told

CREW = 4
# How often a client looks whether somebody has been phoned. More than any machine needs.
LOOKS, LOOK_EVERY_S = 600, 0.05
# How often a request may fail although nobody has killed the service.
MOST_SURPRISES = 100

Json = dict[str, Any]


@dataclass
class Message:
    """One message, however often it is posted."""

    body: Json
    answer: Json | None = None


@dataclass
class Clients:
    """What the clients share: where the service is, what they posted and what they heard.

    `lost` counts requests whose outcome nobody knows; `contradictions` are answers that cannot both be true.
    """

    seed: int
    messages: dict[str, Message] = field(default_factory=dict)
    heard: set[tuple[str, str]] = field(default_factory=set)
    stored: set[str] = field(default_factory=set)
    contradictions: list[str] = field(default_factory=list)
    lost: int = 0
    surprises: int = 0
    answered: int = 0
    stories: int = 0
    closing: bool = False
    _service: httpx2.AsyncClient | None = None
    _born: anyio.Event = field(default_factory=anyio.Event)
    _reached: tuple[int, anyio.Event] | None = None

    # --- the service's lives -------------------------------------------------------------------

    def meet(self, service: httpx2.AsyncClient) -> None:
        """The service is there."""
        self._service = service
        self._born.set()
        self._born = anyio.Event()

    def part(self) -> None:
        """The service is about to die."""
        self._service = None

    async def hear(self, answers: int) -> None:
        """Returns when so many more requests have been answered."""
        self._reached = self.answered + answers, anyio.Event()
        await self._reached[1].wait()

    async def ask(self, method: str, path: str, body: Json | None = None) -> Json:
        """Asks until there is an answer; what is asked must be repeatable."""
        while True:
            while self._service is None:
                await self._born.wait()
            service = self._service
            try:
                response = await service.request(method, path, json=body)
            except httpx2.TransportError:
                self.lost += 1
                if service is self._service:  # nobody killed it: has it closed a connection that was idle?
                    self.surprises += 1
                    if self.surprises > MOST_SURPRISES:
                        raise
                continue
            assert response.status_code in (200, 201, 409), (path, response.text)
            if method != "GET":
                self.answered += 1
                if self._reached is not None and self.answered >= self._reached[0]:
                    self._reached[1].set()
            heard: Json = response.json()
            return heard

    # --- messages ------------------------------------------------------------------------------

    async def say(self, message_id: str) -> Json:
        """Posts a message, perhaps again. It must always get the same answer."""
        message = self.messages[message_id]
        answer = await self.ask("POST", "/messages/inbound", {**message.body, "message_id": message_id})
        if message.answer is None:
            message.answer = answer
        elif message.answer != answer:
            self.contradictions.append(f"{message_id} got {message.answer}, and then {answer}")
        return answer

    def told(self) -> Counter[Told]:
        """What the messages came to that have been answered."""
        answers = (message.answer for message in self.messages.values() if message.answer is not None)
        return Counter((answer["shift_id"], answer["caregiver_id"], answer["status"]) for answer in answers)

    # --- stories -------------------------------------------------------------------------------

    async def work(self) -> None:
        """One client: plays story after story."""
        while not self.closing:
            number, self.stories = self.stories, self.stories + 1
            story = Story(self, number)
            await story.prepare()
            await story.PLOTS[number % len(story.PLOTS)](story)


class Story:
    """What becomes of one shift, or of two that overlap, and its own crew."""

    def __init__(self, clients: Clients, number: int) -> None:
        self.clients = clients
        self.role = f"crew-{number}"
        self.random = Random(f"{clients.seed}:{number}")
        self.crew = {f"{self.role}-{i}": f"+1{number:06}{i}" for i in range(CREW)}
        self.shift_id = f"shift-{number}"
        self.said = 0
        self.ends = datetime(2036, 3, 3, 16, tzinfo=UTC)

    async def prepare(self) -> None:
        for person, phone in self.crew.items():
            who = {"id": person, "name": person, "role": self.role, "phone": phone}
            await self.clients.ask("PUT", f"/caregivers/{person}", who)
            self.clients.stored.add(person)

    async def open(self, shift_id: str) -> None:
        shift = {
            "id": shift_id,
            "organization_id": "agency",
            "role_required": self.role,
            "start_time": (self.ends - timedelta(hours=8)).isoformat(),
            "end_time": self.ends.isoformat(),
        }
        await self.clients.ask("PUT", f"/shifts/{shift_id}", shift)
        self.clients.stored.add(shift_id)
        await self.order(shift_id, "fanout")

    async def order(self, shift_id: str, what: str) -> str:
        """A coordinator's command; what the service says it came to."""
        body = None if what == "fanout" else {}
        answer = await self.clients.ask("POST", f"/shifts/{shift_id}/{what}", body)
        status = str(answer["status"])
        self.clients.heard.add((shift_id, status))
        return status

    async def say(self, person: str, words: str, shift_id: str | None, times: int = 1) -> str:
        """Somebody's message, delivered so many times at once; what it came to."""
        self.said += 1
        message_id = f"{person}/{self.said}"
        body: Json = {"from": self.crew[person], "body": words}
        if shift_id is not None:
            body["shift_id"] = shift_id
        self.clients.messages[message_id] = Message(body)
        async with anyio.create_task_group() as tasks:
            for _ in range(times):
                tasks.start_soon(self.clients.say, message_id)
        answer = self.clients.messages[message_id].answer
        assert answer is not None
        return str(answer["status"])

    async def everyone(self, words: str, *shift_ids: str) -> None:
        """The whole crew says it at once, some of it twice; the words may name the code of the offer."""
        codes: dict[str, str] = {}
        if "{code}" in words:
            offers = (await self.clients.ask("GET", f"/shifts/{self.shift_id}"))["offers"]
            codes = {offer["caregiver_id"]: offer["code"] for offer in offers}
        async with anyio.create_task_group() as tasks:
            for shift_id in shift_ids or (None,):
                for person in self.random.sample(sorted(self.crew), CREW):
                    if codes and person not in codes:
                        continue  # had been phoned about nothing yet
                    text = words.format(code=codes.get(person, ""))
                    tasks.start_soon(self.say, person, text, shift_id, self.random.choice((1, 1, 2)))

    async def phoned(self) -> None:
        """Waits until the shift has been offered by phone."""
        for _ in range(LOOKS):
            events = (await self.clients.ask("GET", f"/shifts/{self.shift_id}/events"))["events"]
            if any(event["kind"] == "offers_made" and event["data"]["round"] == 1 for event in events):
                return
            await anyio.sleep(LOOK_EVERY_S)
        raise AssertionError(f"{self.shift_id} was never offered by phone")

    # --- plots ---------------------------------------------------------------------------------

    async def race(self) -> None:
        """Everyone wants it; the coordinator takes it back, and everyone wants it again."""
        await self.open(self.shift_id)
        await self.everyone("yes", self.shift_id)
        await self.order(self.shift_id, "release")
        await self.everyone("YES {code}")
        await self.everyone("Yes!", self.shift_id)

    async def quiet(self) -> None:
        """Nobody answers: it must be offered by phone, and then a coordinator must hear of it."""
        await self.open(self.shift_id)

    async def regret(self) -> None:
        """Who has it gives it back, and somebody else takes it."""
        await self.open(self.shift_id)
        for person in self.crew:
            if await self.say(person, "yes", self.shift_id) == "claimed":
                await self.say(person, "sorry, I can't make it", self.shift_id, times=2)
                break
        if self.random.random() < 0.5:
            await self.everyone("ok", self.shift_id)

    async def phone(self) -> None:
        """Some say no and some say nothing that can be understood; somebody takes it on the phone."""
        await self.open(self.shift_id)
        first, second, *others = self.crew
        await self.say(first, "No", self.shift_id)
        await self.say(second, "what's the address?", None)
        await self.phoned()
        for person in others:
            await self.say(person, "1", self.shift_id, times=2)

    async def refusals(self) -> None:
        """Everyone says no, so the calls and the alarm come at once."""
        await self.open(self.shift_id)
        await self.everyone("NO {code}")

    async def overlap(self) -> None:
        """Two shifts at the same time: nobody gets both."""
        other = f"{self.shift_id}-too"
        await self.open(self.shift_id)
        await self.open(other)
        await self.everyone("yes", self.shift_id, other)
        if self.random.random() < 0.5:
            await self.order(other, "release")

    async def cancelled(self) -> None:
        """The shift is no longer needed, while everyone answers."""
        await self.open(self.shift_id)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self.everyone, "yes", self.shift_id)
            tasks.start_soon(self.order, self.shift_id, "cancel")

    async def leaving(self) -> None:
        """Somebody wants no more messages; somebody asks for help."""
        await self.open(self.shift_id)
        first, second, *_ = self.crew
        await self.say(first, "STOP", None, times=2)
        await self.say(second, "HELP", None)

    async def ending(self) -> None:
        """The shift is over soon, and then nobody gets it."""
        self.ends = datetime.now(UTC) + timedelta(milliseconds=self.random.randint(500, 4000))
        await self.open(self.shift_id)
        if self.random.random() < 0.5:
            await self.everyone("yes", self.shift_id)

    PLOTS: tuple[Callable[["Story"], Awaitable[None]], ...] = (
        race, quiet, regret, phone, refusals, overlap, race, cancelled, leaving, ending,
    )  # fmt: skip
