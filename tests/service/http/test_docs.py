"""The API's description: true, complete, and shown without calling any other host."""

import json
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest
import structlog.testing
from openapi_pydantic import OpenAPI
from pydantic import TypeAdapter
from starlette.applications import Starlette
from starlette.routing import Route

from core.commands import INBOUND_RESULT, InboundResult, Outgoing
from core.memory import MemoryStore
from core.model import Caregiver, Policy, Shift
from core.sends import Limits
from service.http import examples, openapi
from service.http import models as views
from service.http.routes import MOST_BYTES, build
from service.runtime import Service

SAMPLE = json.loads((Path(__file__).parents[3] / "sample_data.json").read_text())
MODELS = {**vars(views), "Caregiver": Caregiver, "Shift": Shift, "Policy": Policy}
Json = dict[str, Any]


class Nobody:
    """A carrier that takes everything and sends nothing."""

    async def send_sms(self, send: Outgoing) -> None: ...

    async def place_call(self, send: Outgoing) -> None: ...


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def service() -> Service:
    return Service(MemoryStore(), Nobody(), limits=Limits(), timezone="America/New_York")


@pytest.fixture
async def client(service: Service) -> AsyncIterator[httpx2.AsyncClient]:
    # A bug must come out as the 500 that clients see.
    transport = httpx2.ASGITransport(app=build(service), raise_app_exceptions=False)
    async with service.running(), httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


@pytest.fixture(scope="module")
def document() -> Json:
    whole = json.loads(openapi.document())
    assert isinstance(whole, dict)
    return whole


def operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def values(node: object, key: str) -> Iterator[Any]:
    """Everything that stands under `key` anywhere in `node`."""
    if isinstance(node, dict):
        for name, child in node.items():
            if name == key:
                yield child
            yield from values(child, key)
    elif isinstance(node, list):
        for child in node:
            yield from values(child, key)


# --- the document ------------------------------------------------------------------------------


@pytest.mark.anyio
async def test_it_is_served_as_openapi_3_1(client: httpx2.AsyncClient, document: Json) -> None:
    answer = await client.get("/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == document
    parsed = OpenAPI.model_validate(document)
    assert parsed.openapi == document["openapi"] == "3.1.1"
    assert parsed.paths is not None
    assert parsed.paths["/events"].get is not None


def test_every_route_is_described_and_no_other(service: Service, document: Json) -> None:
    app = build(service)
    assert isinstance(app, Starlette)
    served = {
        (route.path, method.lower())
        for route in app.routes
        if isinstance(route, Route) and route.include_in_schema
        for method in (route.methods or set()) - {"HEAD"}
    }
    assert {type(route) for route in app.routes} == {Route}
    assert {(path, method) for path, method, _ in operations(document)} == served


def test_every_reference_resolves(document: Json) -> None:
    references = set(values(document, "$ref"))
    assert references
    for reference in references:
        node: Any = document
        for part in reference.removeprefix("#/").split("/"):
            node = node[part]
    described = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert described == references


def test_operations_are_named_once_and_name_their_path_parameters(document: Json) -> None:
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(set(names)) == len(names)
    for path, _, operation in operations(document):
        assert operation["summary"]
        given = operation.get("parameters", [])
        assert {p["name"] for p in given if p["in"] == "path"} == set(re.findall(r"{(\w+)}", path))
        assert len({(p["name"], p["in"]) for p in given}) == len(given)


def test_errors_are_problem_documents(document: Json) -> None:
    for _, _, operation in operations(document):
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                content = response["content"]
                assert list(content) == ["application/problem+json"]
                for example in values(content, "value"):
                    assert example["status"] == int(status)


def test_all_but_health_ask_for_a_key(document: Json) -> None:
    assert document["security"] == [{"bearer": []}]
    open_to_all = [path for path, _, operation in operations(document) if operation.get("security") == []]
    assert open_to_all == ["/health"]
    for path, _, operation in operations(document):
        assert ("401" in operation["responses"]) == (path != "/health")


def test_examples_fit_their_models(document: Json) -> None:
    checked = 0
    for content in values(document["paths"], "content"):
        for media in content.values():
            for example in media.get("examples", {}).values():
                model = MODELS[media["schema"]["$ref"].rpartition("/")[2]]
                model.model_validate_json(json.dumps(example["value"]))
                checked += 1
    assert checked > 40


def test_the_examples_are_the_sample_data() -> None:
    for caregiver in examples.CAREGIVERS:
        assert json.loads(caregiver) in SAMPLE["caregivers"]
    assert json.loads(examples.SHIFT) in SAMPLE["shifts"]


def test_the_examples_tell_what_they_say(document: Json) -> None:
    answers = document["paths"]["/messages/inbound"]["post"]["responses"]["200"]["content"]
    told = {e["summary"]: e["value"]["status"] for e in answers["application/json"]["examples"].values()}
    assert told == {
        "first to accept": "claimed",
        "too late": "already_claimed",
        "declined": "declined",
        "not understood": "unknown",
    }


def test_the_view_of_an_answer_is_what_is_written() -> None:
    written = INBOUND_RESULT.json_schema(mode="serialization")
    described = TypeAdapter(views.InboundAnswer).json_schema(mode="serialization")
    assert described["properties"] == written["properties"]
    assert described["required"] == written["required"]
    example = InboundResult("which_shift", None, "c1", "Which?")
    assert json.loads(INBOUND_RESULT.dump_json(example)) == {
        "status": "which_shift", "shift_id": None, "caregiver_id": "c1", "reply": "Which?",
    }  # fmt: skip


def test_limits_of_parameters_are_those_of_the_service(document: Json) -> None:
    limits = {
        (path, p["name"]): (p["schema"]["default"], p["schema"]["minimum"], p["schema"]["maximum"])
        for path, _, operation in operations(document)
        for p in operation.get("parameters", [])
        if "default" in p["schema"]
    }
    assert limits == {
        ("/shifts", "limit"): (100, 1, 1000),
        ("/shifts/{id}/events", "after"): (0, 0, 2**62),
        ("/shifts/{id}/events", "limit"): (1000, 1, 1000),
        ("/events", "after"): (0, 0, 2**62),
    }


# --- is it true? -------------------------------------------------------------------------------

ALICE, PRIYA, TOMASZ = (json.loads(caregiver) for caregiver in examples.CAREGIVERS)
SHIFT = json.loads(examples.SHIFT)
OTHER = {**SHIFT, "id": "other"}
LPN_SHIFT = {**SHIFT, "id": "lpn", "role_required": "LPN"}
PAST = {**SHIFT, "id": "past", "start_time": "2020-01-01T08:00:00Z", "end_time": "2020-01-01T09:00:00Z"}
AT = f"/shifts/{SHIFT['id']}"
BIG = "x" * (MOST_BYTES + 1)

# Method, path as described, path, body (text, or anything else as JSON), status.
Request = tuple[str, str, str, object, int]
REQUESTS: list[Request] = [
    ("put", "/caregivers/{id}", f"/caregivers/{ALICE['id']}", ALICE, 201),
    ("put", "/caregivers/{id}", f"/caregivers/{ALICE['id']}", ALICE, 200),
    ("put", "/caregivers/{id}", f"/caregivers/{PRIYA['id']}", PRIYA, 201),
    ("put", "/caregivers/{id}", "/caregivers/x", {**ALICE, "id": "x"}, 409),
    ("put", "/caregivers/{id}", "/caregivers/x", ALICE, 422),
    ("put", "/caregivers/{id}", "/caregivers/x", {**ALICE, "phone": "1"}, 422),
    ("put", "/caregivers/{id}", "/caregivers/x", "{", 400),
    ("put", "/caregivers/{id}", "/caregivers/x", BIG, 413),
    ("get", "/caregivers/{id}", f"/caregivers/{ALICE['id']}", None, 200),
    ("get", "/caregivers/{id}", "/caregivers/x", None, 404),
    ("get", "/caregivers", "/caregivers", None, 200),
    ("put", "/shifts/{id}", AT, SHIFT, 201),
    ("put", "/shifts/{id}", AT, SHIFT, 200),
    ("put", "/shifts/{id}", "/shifts/other", OTHER, 201),
    ("put", "/shifts/{id}", "/shifts/lpn", LPN_SHIFT, 201),
    ("put", "/shifts/{id}", "/shifts/past", PAST, 201),
    ("put", "/shifts/{id}", "/shifts/x", SHIFT, 422),
    ("put", "/shifts/{id}", "/shifts/x", "", 400),
    ("put", "/shifts/{id}", "/shifts/x", BIG, 413),
    ("get", "/shifts/{id}", "/shifts/x", None, 404),
    ("get", "/shifts", "/shifts?limit=0", None, 422),
    ("get", "/shifts", "/shifts?status=lost", None, 422),
    ("get", "/shifts", "/shifts?status=planned&limit=1&after=a", None, 200),
    ("get", "/policies/{id}", "/policies/default", None, 200),
    ("put", "/policies/{id}", "/policies/x", {"rounds": [{"after_s": 0, "channel": "sms"}]}, 201),
    ("put", "/policies/{id}", "/policies/x", {"rounds": [{"after_s": 0, "channel": "sms"}]}, 200),
    ("put", "/policies/{id}", "/policies/x", {"rounds": []}, 422),
    ("put", "/policies/{id}", "/policies/x", "no", 400),
    ("put", "/policies/{id}", "/policies/x", BIG, 413),
    ("post", "/shifts/{id}/release", f"{AT}/release", "", 409),
    ("post", "/shifts/{id}/fanout", f"{AT}/fanout", "", 200),
    ("post", "/shifts/{id}/fanout", f"{AT}/fanout", "", 200),
    ("post", "/shifts/{id}/fanout", "/shifts/x/fanout", "", 404),
    ("post", "/shifts/{id}/fanout", "/shifts/past/fanout", "", 409),
    ("post", "/shifts/{id}/fanout", f"{AT}/fanout", BIG, 413),
    ("put", "/shifts/{id}", AT, {**SHIFT, "role_required": "LPN"}, 409),
    ("post", "/messages/inbound", "/messages/inbound",
     {"from": ALICE["phone"], "body": "1", "shift_id": SHIFT["id"]}, 200),
    ("post", "/messages/inbound", "/messages/inbound", {"from": PRIYA["phone"], "body": "?"}, 200),
    ("post", "/messages/inbound", "/messages/inbound", {"from": TOMASZ["phone"], "body": "yes"}, 404),
    ("post", "/messages/inbound", "/messages/inbound",
     {"from": ALICE["phone"], "body": "1", "shift_id": "x"}, 404),
    ("post", "/messages/inbound", "/messages/inbound", {"body": "yes"}, 422),
    ("post", "/messages/inbound", "/messages/inbound", "yes", 400),
    ("post", "/messages/inbound", "/messages/inbound", BIG, 413),
    ("get", "/shifts/{id}", AT, None, 200),
    ("post", "/shifts/{id}/fanout", f"{AT}/fanout", "", 409),
    ("post", "/shifts/{id}/assign", f"{AT}/assign", {"caregiver_id": ALICE["id"]}, 200),
    ("post", "/shifts/{id}/assign", f"{AT}/assign", {"caregiver_id": PRIYA["id"]}, 409),
    ("post", "/shifts/{id}/assign", "/shifts/other/assign", {"caregiver_id": ALICE["id"]}, 409),
    ("post", "/shifts/{id}/assign", "/shifts/lpn/assign", {"caregiver_id": ALICE["id"]}, 409),
    ("post", "/shifts/{id}/assign", "/shifts/past/assign", {"caregiver_id": ALICE["id"]}, 409),
    ("post", "/shifts/{id}/assign", "/shifts/x/assign", {"caregiver_id": ALICE["id"]}, 404),
    ("post", "/shifts/{id}/assign", f"{AT}/assign", {"caregiver_id": "x"}, 404),
    ("post", "/shifts/{id}/assign", f"{AT}/assign", {}, 422),
    ("post", "/shifts/{id}/assign", f"{AT}/assign", "", 400),
    ("post", "/shifts/{id}/assign", f"{AT}/assign", BIG, 413),
    ("post", "/shifts/{id}/release", f"{AT}/release", {"caregiver_id": PRIYA["id"]}, 409),
    ("post", "/shifts/{id}/release", f"{AT}/release", {"reason": "sick"}, 200),
    ("post", "/shifts/{id}/release", f"{AT}/release", "", 200),
    ("post", "/shifts/{id}/release", "/shifts/x/release", "", 404),
    ("post", "/shifts/{id}/release", f"{AT}/release", {"reasons": ""}, 422),
    ("post", "/shifts/{id}/release", f"{AT}/release", "{", 400),
    ("post", "/shifts/{id}/release", f"{AT}/release", BIG, 413),
    ("get", "/shifts/{id}/events", f"{AT}/events?after=1&limit=5", None, 200),
    ("get", "/shifts/{id}/events", f"{AT}/events?limit=5000", None, 422),
    ("get", "/shifts/{id}/events", "/shifts/x/events", None, 404),
    ("get", "/events", "/events?after=x", None, 422),
    ("post", "/shifts/{id}/cancel", f"{AT}/cancel", "", 200),
    ("post", "/shifts/{id}/cancel", f"{AT}/cancel", {"reason": "again"}, 200),
    ("post", "/shifts/{id}/release", f"{AT}/release", "", 409),
    ("post", "/shifts/{id}/fanout", f"{AT}/fanout", "", 409),
    ("post", "/shifts/{id}/cancel", "/shifts/x/cancel", "", 404),
    ("post", "/shifts/{id}/cancel", f"{AT}/cancel", {"caregiver_id": "x"}, 422),
    ("post", "/shifts/{id}/cancel", f"{AT}/cancel", "{", 400),
    ("post", "/shifts/{id}/cancel", f"{AT}/cancel", BIG, 413),
    ("get", "/health", "/health", None, 200),
    ("get", "/ready", "/ready", None, 200),
    ("get", "/metrics", "/metrics", None, 200),
    ("get", "/openapi.json", "/openapi.json", None, 200),
    ("get", "/docs", "/docs", None, 200),
]  # fmt: skip


def fits(document: Json, path: str, method: str, answer: httpx2.Response) -> None:
    """The operation describes this answer: its status, its media type and its model."""
    described = document["paths"][path][method]["responses"][str(answer.status_code)]
    media_type = answer.headers["content-type"].partition(";")[0]
    schema = described["content"][media_type]["schema"]
    if "$ref" in schema:
        MODELS[schema["$ref"].rpartition("/")[2]].model_validate_json(answer.content)
    for header in described.get("headers", {}):
        assert header in answer.headers


async def ask(client: httpx2.AsyncClient, method: str, url: str, body: object) -> httpx2.Response:
    content = None if body is None else body if isinstance(body, str) else json.dumps(body)
    return await client.request(method, url, content=content)


@pytest.mark.anyio
async def test_what_the_service_answers_is_described(client: httpx2.AsyncClient, document: Json) -> None:
    seen: set[tuple[str, str, int]] = set()
    for method, path, url, body, status in REQUESTS:
        answer = await ask(client, method, url, body)
        assert answer.status_code == status, (method, url, answer.text)
        fits(document, path, method, answer)
        seen.add((path, method, status))
    described = {
        (path, method, int(status))
        for path, method, operation in operations(document)
        for status in operation["responses"]
    }
    # 401, 500 and 503 have tests of their own; a stream does not end.
    rest = {d for d in described - seen if d[2] not in (401, 500, 503)}
    assert rest == {("/events", "get", 200), ("/shifts/{id}/cancel", "post", 409)}


@pytest.fixture
def log() -> Iterator[object]:
    """Keeps the tracebacks of failures that are meant to happen off the screen."""
    with structlog.testing.capture_logs() as entries:
        yield entries


class Down(MemoryStore):
    """A store that does not answer."""

    down = False

    def __getattribute__(self, name: str) -> Any:
        if name not in ("down", "due", "close") and not name.startswith("_") and self.down:
            return self._fail
        return super().__getattribute__(name)

    def _fail(self, *args: object) -> Any:
        raise OSError("disk I/O error")


@pytest.mark.anyio
async def test_failures_are_described(document: Json, log: object) -> None:
    store = Down()
    service = Service(store, Nobody(), limits=Limits(), timezone="America/New_York")
    transport = httpx2.ASGITransport(app=build(service), raise_app_exceptions=False)
    async with service.running(), httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        await anyio.wait_all_tasks_blocked()
        store.down = True
        for method, path, url, body, status in REQUESTS:
            if status in (200, 201):
                answer = await ask(client, method, url, body)
                fits(document, path, method, answer)
                if path not in ("/health", "/openapi.json", "/docs"):
                    assert answer.status_code in (500, 503), (method, url)
        store.down = False


@pytest.mark.anyio
async def test_a_missing_key_is_described(service: Service, document: Json) -> None:
    transport = httpx2.ASGITransport(app=build(service, ["secret-key"]))
    async with service.running(), httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        for method, path, url, body, _ in REQUESTS:
            answer = await ask(client, method, url, body)
            assert answer.status_code == (200 if path == "/health" else 401)
            fits(document, path, method, answer)


# --- the page ----------------------------------------------------------------------------------


class Links(HTMLParser):
    """Collects what a page loads or leads to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in ("src", "href", "action", "srcset")]


@pytest.mark.anyio
async def test_the_page_loads_only_what_is_here(client: httpx2.AsyncClient) -> None:
    page = await client.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert "//" not in page.text
    links = Links()
    links.feed(page.text)
    loaded = [link for link in links.found if link != "data:,"]
    assert len(loaded) == 4
    for link in loaded:
        answer = await client.get(f"/{link}")
        assert answer.status_code == 200, link
        assert len(answer.content) > 100
    style = (await client.get("/docs/swagger-ui.css")).text
    assert "@import" not in style
    assert all(where.startswith("data:") for where in re.findall(r"url\(\s*[\"']?([^\"')]{1,20})", style))
    start = (await client.get("/docs/start.js")).text
    assert "//" not in start
    assert "validatorUrl: null" in start


@pytest.mark.anyio
async def test_the_browser_is_told_to_call_no_other_host(client: httpx2.AsyncClient) -> None:
    policy = (await client.get("/docs")).headers["content-security-policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules.pop("default-src") == "'none'"
    for sources in rules.values():
        assert set(sources.split()) <= {"'self'", "'none'", "'unsafe-inline'", "data:"}
    assert rules["script-src"] == "'self'"


@pytest.mark.anyio
async def test_assets_are_not_sent_twice(client: httpx2.AsyncClient) -> None:
    first = await client.get("/docs/swagger-ui.js")
    assert first.headers["content-type"].startswith("text/javascript")
    again = await client.get("/docs/swagger-ui.js", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.anyio
@pytest.mark.parametrize("name", ["redoc.js", "__init__.py", "templates.py", "..%2fapp.py", "x"])
async def test_nothing_else_of_the_package_is_served(client: httpx2.AsyncClient, name: str) -> None:
    answer = await client.get(f"/docs/{name}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_description_costs_nothing_until_it_is_asked_for() -> None:
    code = (
        "import sys, service.http.routes, service.http.docs as docs\n"
        "docs.routes()\n"
        "names = ('service.http.openapi', 'openapi_pydantic', 'offapi')\n"
        "print([name for name in names if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
