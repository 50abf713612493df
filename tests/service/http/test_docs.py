"""The API's description: valid, complete, true, and shown without calling any other host."""

import json
import re
import subprocess
import sys
from collections import defaultdict
from html.parser import HTMLParser
from unittest.mock import Mock

import httpx2
import pytest
from jsonschema import Draft202012Validator
from starlette.applications import Starlette
from starlette.routing import Route

from core.memory import MemoryStore
from core.model import Shift, to_ms
from core.notice import Notice
from core.ports import InDoubt, StoreError, Unavailable
from service.http.document import CLAIMED, DECLINED, EXAMPLES, SHIFT, TOO_LATE, document
from service.http.operations import (
    KEY_REUSED,
    MOST_BYTES,
    OPERATIONS,
    WRONG_EVENT_ID,
    WRONG_KEY,
    Operation,
)
from service.http.routes import build
from service.language.wording import Wording
from service.runtime import Service
from tests.core.agency import NO_LIMITS, caregiver, policy, shift
from tests.service.service_fixture import PROBLEM, Json, Nobody, ServiceFixture, running_service

DOCUMENT: Json = json.loads(document())
ANN, MON = caregiver("ann", "RN", 1).model_dump(), shift("mon", "RN", 8).model_dump(mode="json")
LPN, LATE = {**MON, "id": "lpn", "role_required": "LPN"}, {**MON, "id": "late"}
RULE = policy((0, "sms")).model_dump(mode="json")
BACKWARDS = {"rounds": [{"after_s": after_s, "channel": "sms"} for after_s in (9, 0)]}
BIG = "x" * (MOST_BYTES + 1)
TO_ANN, FROM_ANN = {"caregiver_id": "ann"}, {"from": ANN["phone"], "body": "1"}
# Method, path, body, and the status that answers it in this order. `past` has expired by then.
REQUESTS: list[tuple[str, str, object, int]] = [
    ("PUT", "/caregivers/ann", ANN, 201), ("PUT", "/caregivers/ann", ANN, 200),
    ("PUT", "/caregivers/x", {**ANN, "id": "x"}, 409), ("PUT", "/caregivers/x", ANN, 422),
    ("PUT", "/caregivers/x", {**ANN, "phone": "1"}, 422), ("GET", "/caregivers", None, 200),
    ("GET", "/caregivers/ann", None, 200), ("GET", "/caregivers/x", None, 404),
    ("PUT", "/policies/org", RULE, 201), ("PUT", "/policies/org", RULE, 200),
    ("PUT", "/policies/org", BACKWARDS, 422), ("GET", "/policies/org", None, 200),
    ("PUT", "/shifts/mon", MON, 201), ("PUT", "/shifts/mon", MON, 200), ("PUT", "/shifts/x", MON, 422),
    ("PUT", "/shifts/mon", {**MON, "end_time": MON["start_time"]}, 422),
    ("PUT", "/shifts/lpn", LPN, 201), ("PUT", "/shifts/late", LATE, 201), ("GET", "/shifts/x", None, 404),
    ("GET", "/shifts?limit=1", None, 200), ("GET", "/shifts?limit=0", None, 422),
    ("GET", "/shifts?status=lost", None, 422), ("POST", "/shifts/mon/release", None, 409),
    ("POST", "/shifts/mon/fanout", None, 200), ("POST", "/shifts/mon/release", None, 200),
    ("POST", "/shifts/x/fanout", None, 404), ("POST", "/shifts/past/fanout", None, 409),
    ("PUT", "/caregivers/cara", {**ANN, "id": "cara", "role": "CNA", "phone": "+15559998"}, 201),
    ("POST", "/shifts/lpn/fanout", None, 409), ("POST", "/shifts/lpn/fanout?x=1", None, 422),
    ("POST", "/shifts/past/release", None, 409), ("POST", "/shifts/past/cancel", None, 409),
    ("POST", "/shifts/past/assign", TO_ANN, 409), ("PUT", "/shifts/mon", {**LPN, "id": "mon"}, 409),
    ("POST", "/messages/inbound", {**FROM_ANN, "body": "?"}, 200),
    ("POST", "/messages/inbound", {**FROM_ANN, "shift_id": "mon"}, 200),
    ("POST", "/messages/inbound", {**FROM_ANN, "shift_id": "x"}, 404),
    ("POST", "/messages/inbound", {**FROM_ANN, "from": "+155512345"}, 404),
    ("POST", "/messages/inbound", {"body": "yes"}, 422),
    ("POST", "/messages/inbound", {**FROM_ANN, "body": "?", "message_id": "1"}, 200),
    ("POST", "/messages/inbound", {**FROM_ANN, "body": "!", "message_id": "1"}, 422),
    ("GET", "/shifts/mon", None, 200),
    ("PUT", "/caregivers/bob", {**ANN, "id": "bob", "phone": "+15559999"}, 201),
    ("POST", "/shifts/mon/fanout", None, 409), ("POST", "/shifts/mon/assign", TO_ANN, 200),
    ("POST", "/shifts/mon/assign", {"caregiver_id": "bob"}, 409), ("POST", "/shifts/mon/assign", {}, 422),
    ("POST", "/shifts/lpn/assign", TO_ANN, 409), ("POST", "/shifts/late/assign", TO_ANN, 409),
    ("POST", "/shifts/mon/assign", {"caregiver_id": "x"}, 404), ("POST", "/shifts/x/assign", TO_ANN, 404),
    ("POST", "/shifts/mon/release", {"caregiver_id": "bob"}, 409), ("POST", "/shifts/x/release", None, 404),
    ("POST", "/shifts/mon/release", {"caregiver_id": 1}, 422), ("GET", "/shifts/mon/events", None, 200),
    ("POST", "/shifts/mon/release", {"reason": "sick"}, 200), ("GET", "/shifts/x/events", None, 404),
    ("GET", "/shifts/mon/events?limit=0", None, 422), ("GET", "/events?after=x", None, 422),
    ("POST", "/shifts/mon/cancel", {"reason": 1}, 422), ("POST", "/shifts/mon/cancel", None, 200),
    ("POST", "/shifts/mon/release", None, 409), ("POST", "/shifts/mon/fanout", None, 409),
    ("POST", "/shifts/x/cancel", None, 404), ("GET", "/health", None, 200), ("GET", "/ready", None, 200),
    ("GET", "/attention?limit=1", None, 200), ("GET", "/attention?limit=0", None, 422),
    ("GET", "/attention?done=maybe", None, 422), ("POST", "/attention/1/done", {}, 422),
    ("POST", "/attention/1/done", {"by": "Dana"}, 200), ("POST", "/attention/0/done", {"by": "Dana"}, 404),
    ("GET", "/metrics", None, 200), ("GET", "/openapi.json", None, 200), ("GET", "/docs", None, 200),
    *((row.method, row.path.replace("{id}", "x"), BIG, 413) for row in OPERATIONS if 413 in row.problems),
    *((row.method, row.path.replace("{id}", "x"), "{", 400) for row in OPERATIONS if 400 in row.problems),
]  # fmt: skip


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"  # on trio, httpx2 complains of the bodies that were refused unread


def check(schema: Json, value: object) -> None:
    Draft202012Validator({**schema, "components": DOCUMENT["components"]}).validate(value)


def row_of(method: str, path: str) -> Operation:
    path = path.partition("?")[0]
    (row,) = (
        r for r in OPERATIONS if r.method == method and re.fullmatch(r.path.replace("{id}", "[^/]+"), path)
    )
    return row


async def ask(fixture: ServiceFixture, method: str, path: str, body: object) -> httpx2.Response:
    """Asks, and checks that the document describes the answer: its status, media type, form and headers."""
    content = body if body is None or isinstance(body, str) else json.dumps(body)
    answer = await fixture.client.request(method, path, content=content)
    described = DOCUMENT["paths"][row_of(method, path).path][method.lower()]["responses"]
    described = described[str(answer.status_code)]
    media_type = answer.headers["content-type"].partition(";")[0]
    schema = described["content"][media_type]["schema"]
    check(schema, answer.json() if media_type.endswith("json") else answer.text)
    assert all(header in answer.headers for header in described.get("headers", {}))
    return answer


def test_it_is_valid_openapi_3_1() -> None:
    assert set(DOCUMENT) == {"openapi", "info", "paths", "security", "components"}
    assert (DOCUMENT["openapi"], set(DOCUMENT["info"])) == ("3.1.1", {"title", "version", "description"})
    schemas = DOCUMENT["components"]["schemas"]
    assert {f"#/components/schemas/{name}" for name in schemas} == set(
        re.findall(r'"\$ref": "([^"]+)"', document().decode())
    )
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    assert len({row.name for row in OPERATIONS}) == len(OPERATIONS)
    for path, item in DOCUMENT["paths"].items():
        for operation in item.values():
            given = [(p["name"], p["in"], p["required"]) for p in operation["parameters"]]
            needed = {(name, "path", True) for name in re.findall(r"{(\w+)}", path)}
            assert {p for p in given if p[1] == "path" or p[2]} == needed
            for parameter in operation["parameters"]:
                Draft202012Validator.check_schema(parameter["schema"])
            for status, response in operation["responses"].items():
                assert set(response) - {"headers"} == {"description", "content"}
                assert int(status) < 400 or list(response["content"]) == [PROBLEM]


def test_every_route_is_described_and_no_other() -> None:
    app = build(Service(MemoryStore(), Nobody(), limits=NO_LIMITS, timezone="UTC"))
    assert isinstance(app, Starlette)
    routes = [route for route in app.routes if isinstance(route, Route) and route.include_in_schema]
    assert len(app.routes) == len(routes) + 1  # and what the page loads
    served = {(route.path, method.lower()) for route in routes for method in route.methods or ()}
    described = {(path, method) for path, item in DOCUMENT["paths"].items() for method in item}
    assert {one for one in served if one[1] != "head"} == described


def test_examples_fit_their_models() -> None:
    for model, examples in EXAMPLES.items():
        for example in examples.values():
            model.model_validate_json(json.dumps(example))


def test_the_replies_in_the_examples_are_what_caregivers_are_told() -> None:
    say, monday = Wording("America/New_York").say, Shift.model_validate_json(json.dumps(SHIFT))
    since_ms = to_ms(monday.start_time) - 3 * 3_600_000
    assert say(Notice("confirmed", monday, "B"), "sms") == CLAIMED
    assert say(Notice("already_claimed", monday, since_ms=since_ms), "sms") == TOO_LATE
    assert say(Notice("declined", monday), "sms") == DECLINED


@pytest.mark.anyio
async def test_what_the_service_answers_is_described_and_the_reverse() -> None:
    seen: dict[str, set[int]] = defaultdict(set)
    said: dict[str, set[str]] = defaultdict(set)
    async with running_service() as fixture:
        await fixture.put("/caregivers/dee", caregiver("dee", "RN", 4))
        await fixture.put("/shifts/past", shift("past", "RN", 1, hours=1))
        await fixture.start("past")
        await fixture.pass_s(3 * 3600)
        for method, path, body, status in REQUESTS:
            answer = await ask(fixture, method, path, body)
            assert answer.status_code == status, (method, path, answer.text)
            seen[row_of(method, path).name].add(status)
            if status >= 400:
                ids = r"\b(ann|bob|mon|past|lpn|late|x)\b"
                said[row_of(method, path).name].add(re.sub(ids, "ID", answer.json()["detail"]))
        assert (await fixture.client.get("/openapi.json")).json() == DOCUMENT
        fixture.leave()
    for row in OPERATIONS:
        described = {*row.answers, *row.problems} - {500, 503}  # which have a test of their own
        assert described - seen[row.name] == ({200} if row.name == "stream_events" else set()), row.name
        for status in (404, 409, 422):
            for sentence in row.problems.get(status, ()):
                if sentence not in (WRONG_EVENT_ID, WRONG_KEY, KEY_REUSED):  # which have tests of their own
                    assert re.sub("00000000|11111111", "ID", sentence) in said[row.name], row.name


@pytest.mark.anyio
async def test_a_missing_key_is_described_for_all_that_ask_for_one() -> None:
    unguarded = ["/health", "/openapi.json", "/docs"]
    async with running_service(keys=["secret-key"]) as fixture:
        for method, path, body, _ in REQUESTS:
            answer = await ask(fixture, method, path, body)
            assert answer.status_code == (200 if path in unguarded else 401)
    described = [
        path for path, item in DOCUMENT["paths"].items() if item.get("get", {}).get("security") == []
    ]
    assert described == unguarded


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [(Unavailable(), 503, "about:blank"), (InDoubt(), 500, "in-doubt"), (OSError(), 500, "about:blank")],
)
async def test_failures_are_described(
    error: Exception, status: int, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running_service() as fixture:
        monkeypatch.setattr(fixture.store, "commit", Mock(side_effect=error))
        monkeypatch.setattr(fixture.store, "roster", Mock(side_effect=error))
        answer = await ask(fixture, "PUT", "/caregivers/ann", ANN)
        assert (answer.status_code, answer.json()["type"]) == (status, kind)
        stored = isinstance(error, StoreError)
        assert (await ask(fixture, "GET", "/caregivers", None)).status_code == (503 if stored else 500)


@pytest.mark.anyio
async def test_what_the_store_cannot_have_meant_is_not_the_senders_mistake() -> None:
    async with running_service() as fixture:
        fixture.store.roster = lambda: [Shift.model_validate_json("{}")]  # type: ignore[method-assign]
        assert (await ask(fixture, "GET", "/caregivers", None)).status_code == 500


class Links(HTMLParser):
    """What a page loads or leads to."""

    found: tuple[str, ...] = ()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += tuple(
            value or "" for name, value in attrs if name in ("src", "href", "action", "srcset")
        )


@pytest.mark.anyio
async def test_the_page_loads_only_what_is_here() -> None:
    async with running_service() as fixture:
        page = await fixture.client.get("/docs")
        links = Links()
        links.feed(page.text)
        loaded = [link for link in links.found if link != "data:,"]
        assert len(loaded) == 4
        for link in loaded:
            answer = await fixture.client.get(f"/{link}")
            assert answer.status_code == 200, link
            assert len(answer.content) > 100
        start = (await fixture.client.get("/docs/start.js")).text
        style = (await fixture.client.get("/docs/swagger-ui.css")).text
        for name in ("__init__.py", "..%2fapp.py", "x"):
            assert (await fixture.client.get(f"/docs/{name}")).status_code == 404
        again = {"If-None-Match": (await fixture.client.get("/docs/swagger-ui.js")).headers["etag"]}
        assert (await fixture.client.get("/docs/swagger-ui.js", headers=again)).status_code == 304
    assert "//" not in page.text + start
    assert "validatorUrl: null" in start
    assert "@import" not in style
    assert all(where.startswith("data:") for where in re.findall(r"url\(\s*[\"']?([^\"')]{1,20})", style))
    rules = dict(rule.strip().split(" ", 1) for rule in page.headers["content-security-policy"].split(";"))
    assert (rules["default-src"], rules["script-src"], rules["connect-src"]) == ("'none'", "'self'", "'self'")
    assert set(" ".join(rules.values()).split()) <= {"'self'", "'none'", "'unsafe-inline'", "data:"}


def test_the_description_costs_nothing_until_it_is_asked_for() -> None:
    code = "import sys, service.server; print({'service.http.document', 'offapi', 'rich'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
