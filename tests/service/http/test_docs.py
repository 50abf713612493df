"""The API's description: valid, complete, true, and shown without calling any other host."""

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from unittest.mock import Mock

import httpx2
import pytest
from jsonschema import Draft202012Validator
from starlette.applications import Starlette
from starlette.routing import Route

from core.memory import MemoryStore
from core.ports import InDoubt, Unavailable
from service.http.document import EXAMPLES, document
from service.http.operations import MOST_BYTES, OPERATIONS
from service.http.routes import build
from service.runtime import Service
from tests.core.agency import caregiver, policy, shift
from tests.service.house import FREE, PROBLEM, House, Json, Nobody, at_home

DOCUMENT: Json = json.loads(document())
ANN, MON = caregiver("ann", "RN", 1).model_dump(), shift("mon", "RN", 8).model_dump(mode="json")
PAST = shift("past", "RN", -10).model_dump(mode="json")
RULE = policy((0, "sms")).model_dump(mode="json")
BIG = "x" * (MOST_BYTES + 1)
# Method, path, body, and the status that answers it in this order.
REQUESTS: list[tuple[str, str, object, int]] = [
    ("PUT", "/caregivers/ann", ANN, 201), ("PUT", "/caregivers/ann", ANN, 200),
    ("PUT", "/caregivers/x", {**ANN, "id": "x"}, 409), ("PUT", "/caregivers/x", ANN, 422),
    ("PUT", "/caregivers/x", "{", 400), ("PUT", "/caregivers/x", BIG, 413), ("GET", "/caregivers", None, 200),
    ("GET", "/caregivers/ann", None, 200), ("GET", "/caregivers/x", None, 404),
    ("PUT", "/policies/org", RULE, 201), ("GET", "/policies/org", None, 200),
    ("PUT", "/shifts/mon", MON, 201), ("PUT", "/shifts/x", MON, 422), ("PUT", "/shifts/past", PAST, 201),
    ("GET", "/shifts?limit=1", None, 200), ("GET", "/shifts?limit=0", None, 422),
    ("GET", "/shifts/x", None, 404), ("POST", "/shifts/mon/release", None, 409),
    ("POST", "/shifts/mon/fanout", None, 200), ("POST", "/shifts/mon/fanout", BIG, 413),
    ("POST", "/shifts/x/fanout", None, 404), ("POST", "/shifts/past/fanout", None, 409),
    ("PUT", "/shifts/mon", {**MON, "role_required": "CNA"}, 409),
    ("POST", "/messages/inbound", {"from": ANN["phone"], "body": "?"}, 200),
    ("POST", "/messages/inbound", {"from": ANN["phone"], "body": "yes"}, 200),
    ("POST", "/messages/inbound", {"from": "+155512345", "body": "yes"}, 404),
    ("POST", "/messages/inbound", {"body": "yes"}, 422), ("POST", "/messages/inbound", "yes", 400),
    ("POST", "/messages/inbound", BIG, 413), ("GET", "/shifts/mon", None, 200),
    ("POST", "/shifts/mon/assign", {"caregiver_id": "ann"}, 200), ("POST", "/shifts/mon/assign", {}, 422),
    ("POST", "/shifts/past/assign", {"caregiver_id": "ann"}, 409),
    ("POST", "/shifts/mon/assign", {"caregiver_id": "x"}, 404), ("POST", "/shifts/x/release", None, 404),
    ("POST", "/shifts/mon/release", {"x": 1}, 422), ("POST", "/shifts/mon/release", {"reason": "sick"}, 200),
    ("GET", "/events?after=x", None, 422), ("GET", "/shifts/mon/events", None, 200),
    ("POST", "/shifts/mon/cancel", None, 200), ("POST", "/shifts/mon/cancel", {"x": 1}, 422),
    ("GET", "/health", None, 200), ("GET", "/ready", None, 200), ("GET", "/metrics", None, 200),
    ("GET", "/openapi.json", None, 200), ("GET", "/docs", None, 200),
]  # fmt: skip


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"  # on trio, httpx2 complains of the bodies that were refused unread


def check(schema: Json, value: object) -> None:
    Draft202012Validator({**schema, "components": DOCUMENT["components"]}).validate(value)


async def ask(house: House, method: str, path: str, body: object) -> httpx2.Response:
    """Asks, and checks that the document describes the answer: its status, media type, form and headers."""
    content = body if body is None or isinstance(body, str) else json.dumps(body)
    answer = await house.client.request(method, path, content=content)
    rows = [r for r in OPERATIONS if re.fullmatch(r.path.replace("{id}", "[^/]+"), path.partition("?")[0])]
    described = DOCUMENT["paths"][rows[0].path][method.lower()]["responses"][str(answer.status_code)]
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
    app = build(Service(MemoryStore(), Nobody(), limits=FREE, timezone="UTC"))
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


@pytest.mark.anyio
async def test_what_the_service_answers_is_described() -> None:
    async with at_home() as house:
        for method, path, body, status in REQUESTS:
            answer = await ask(house, method, path, body)
            assert answer.status_code == status, (method, path, answer.text)
        assert (await house.client.get("/openapi.json")).json() == DOCUMENT
        house.leave()


@pytest.mark.anyio
async def test_a_missing_key_is_described_for_all_but_health() -> None:
    async with at_home(keys=["secret-key"]) as house:
        for method, path, body, _ in REQUESTS:
            answer = await ask(house, method, path, body)
            assert answer.status_code == (200 if path == "/health" else 401)
    assert [row.path for row in OPERATIONS if not row.guarded] == ["/health"]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [(Unavailable(), 503, "about:blank"), (InDoubt(), 500, "in-doubt"), (OSError(), 500, "about:blank")],
)
async def test_failures_are_described(
    error: Exception, status: int, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_home() as house:
        monkeypatch.setattr(house.store, "commit", Mock(side_effect=error))
        monkeypatch.setattr(house.store, "roster", Mock(side_effect=error))
        answer = await ask(house, "PUT", "/caregivers/ann", ANN)
        assert (answer.status_code, answer.json()["type"]) == (status, kind)
        assert (await ask(house, "GET", "/caregivers", None)).status_code == 503


class Links(HTMLParser):
    """What a page loads or leads to."""

    found: tuple[str, ...] = ()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += tuple(
            value or "" for name, value in attrs if name in ("src", "href", "action", "srcset")
        )


@pytest.mark.anyio
async def test_the_page_loads_only_what_is_here() -> None:
    async with at_home() as house:
        page = await house.client.get("/docs")
        links = Links()
        links.feed(page.text)
        loaded = [link for link in links.found if link != "data:,"]
        assert len(loaded) == 4
        for link in loaded:
            answer = await house.client.get(f"/{link}")
            assert answer.status_code == 200, link
            assert len(answer.content) > 100
        start = (await house.client.get("/docs/start.js")).text
        style = (await house.client.get("/docs/swagger-ui.css")).text
        for name in ("__init__.py", "..%2fapp.py", "x"):
            assert (await house.client.get(f"/docs/{name}")).status_code == 404
        again = {"If-None-Match": (await house.client.get("/docs/swagger-ui.js")).headers["etag"]}
        assert (await house.client.get("/docs/swagger-ui.js", headers=again)).status_code == 304
    assert "//" not in page.text + start
    assert "validatorUrl: null" in start
    assert "@import" not in style
    assert all(where.startswith("data:") for where in re.findall(r"url\(\s*[\"']?([^\"')]{1,20})", style))
    rules = dict(rule.strip().split(" ", 1) for rule in page.headers["content-security-policy"].split(";"))
    assert (rules["default-src"], rules["script-src"], rules["connect-src"]) == ("'none'", "'self'", "'self'")
    assert set(" ".join(rules.values()).split()) <= {"'self'", "'none'", "'unsafe-inline'", "data:"}


def test_the_description_costs_nothing_until_it_is_asked_for() -> None:
    code = "import sys, service.http.routes; print({'service.http.document', 'offapi'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
