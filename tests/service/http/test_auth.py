"""Keys guard all but /health and the API's description. Without one nobody outside the machine is served, and
never a page of another site.
"""

from pathlib import Path

import pytest
from pydantic import SecretStr

from cli.errors import UserError
from cli.serve import run
from service.settings import Settings
from tests.service.service_fixture import refused, running_service

KEY, OTHER = "first-secret", "second-secret"
PATHS = [
    "/", "/ready", "/caregivers", "/caregivers/x", "/shifts", "/shifts/x", "/shifts/x/events", "/events",
    "/policies/x", "/metrics", "/nowhere", "/health/", "/docs/", "/docs/x", "/docs/../shifts",
    "//health", "/health/../shifts",
]  # fmt: skip
# A browser that follows the link to the page sends no key.
OPEN = [
    "/health", "/openapi.json", "/docs", "/docs/start.js", "/docs/swagger-ui.css", "/docs/swagger-ui.js",
]  # fmt: skip
WRONG = [
    None, "", "Bearer", "Bearer ", f"Basic {KEY}", KEY, f"Bearer {KEY}x", "Bearer first-secre",
    f"Bearer {KEY} {OTHER}", f"Bearer {KEY.upper()}", "Bearer \xff\xfe",
]  # fmt: skip


@pytest.mark.anyio
@pytest.mark.parametrize("given", WRONG)
async def test_without_a_right_key_nothing_is_served(given: str | None) -> None:
    async with running_service(keys=[KEY, OTHER]) as fixture:
        headers = {} if given is None else {"Authorization": given.encode("latin-1")}
        for path in PATHS:
            for method in ("GET", "PUT", "POST", "DELETE", "OPTIONS"):
                answer = await fixture.client.request(method, path, headers=headers)
                refused(answer, 401, "Authorization: Bearer KEY")
                assert answer.headers["www-authenticate"] == "Bearer"
        for path in OPEN:
            assert (await fixture.client.get(path, headers=headers)).status_code == 200
        assert fixture.journal() == []


@pytest.mark.anyio
@pytest.mark.parametrize("given", [f"Bearer {KEY}", f"bearer {OTHER}", f"BEARER  {KEY}"])
async def test_each_key_opens(given: str) -> None:
    async with running_service(keys=[KEY, OTHER]) as fixture:
        assert (await fixture.client.get("/shifts", headers={"Authorization": given})).status_code == 200


@pytest.mark.anyio
async def test_without_keys_everybody_is_served() -> None:
    async with running_service() as fixture:
        assert (await fixture.client.get("/shifts")).status_code == 200


HERE = [
    "localhost", "localhost:8000", "LOCALHOST:1", "127.0.0.1", "127.0.0.1:65535", "127.8.9.1:80", "[::1]",
    "[::1]:8000",
]  # fmt: skip
ELSEWHERE = [
    "evil.example", "evil.example:8000", "localhost.evil.example", "127.0.0.1.evil.example",
    "192.168.1.5:8000",
    "0.0.0.0", "[::]", "[2001:db8::1]:80", "localhost:evil", "localhost@evil.example", "[::1].evil.example",
    "127.0.0.1:٣", "",
]  # fmt: skip
ASKS = [
    ("GET", "/caregivers"), ("GET", "/health"), ("GET", "/docs"), ("GET", "/events"), ("POST",
    "/shifts/mon/cancel"),
    ("POST", "/messages/inbound"), ("PUT", "/policies/org"), ("OPTIONS", "/shifts"), ("GET", "/nowhere"),
]  # fmt: skip


@pytest.mark.anyio
async def test_without_a_key_only_names_of_this_machine_are_answered() -> None:
    async with running_service() as fixture:
        for host in HERE:
            answer = await fixture.client.get("/shifts", headers={"Host": host})
            assert answer.status_code == 200, host
        for host in ELSEWHERE:
            for method, path in ASKS:
                answer = await fixture.client.request(method, path, headers={"Host": host.encode()})
                refused(answer, 421, "localhost or 127.0.0.1", "FANOUT_API_KEYS")
        two = [("Host", "localhost"), ("Host", "evil.example")]
        refused(await fixture.client.get("/shifts", headers=two), 400, "one Host header")
        assert fixture.journal() == []


@pytest.mark.anyio
async def test_with_a_key_the_service_answers_under_any_name() -> None:
    async with running_service(keys=[KEY]) as fixture:
        headers = {"Authorization": f"Bearer {KEY}", "Host": "shifts.example.com"}
        assert (await fixture.client.get("/shifts", headers=headers)).status_code == 200


# What a browser says of the page that asks.
FOREIGN: list[dict[str, str]] = [
    {"Origin": "http://evil.example"}, {"Origin": "null"}, {"Origin": "http://localhost:3000"},
    {"Origin": ""},
    {"Origin": "http://127.0.0.1"}, {"Origin": "http://localhost.evil.example"}, {"Origin": "localhost"},
    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "odd"},
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Origin": "http://evil.example"},
]  # fmt: skip
OURS: list[dict[str, str]] = [
    {}, {"Origin": "http://localhost"}, {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"},
]  # fmt: skip


@pytest.mark.anyio
@pytest.mark.parametrize("keys", [[], [KEY]])
async def test_a_page_of_another_site_can_do_nothing(keys: list[str]) -> None:
    async with running_service(keys=keys) as fixture:
        key = {"Authorization": f"Bearer {KEY}"} if keys else {}
        for browser in FOREIGN:
            for method, path in ASKS:
                answer = await fixture.client.request(method, path, headers={**key, **browser})
                refused(answer, 403, "another site")
        for browser in OURS:
            assert (await fixture.client.get("/shifts", headers={**key, **browser})).status_code == 200
        assert fixture.journal() == []


@pytest.mark.anyio
async def test_a_link_on_another_page_may_lead_to_the_docs_and_nowhere_else() -> None:
    follows = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    async with running_service() as fixture:
        assert (await fixture.client.get("/docs", headers=follows)).status_code == 200
        for path in ("/caregivers", "/shifts", "/openapi.json"):
            refused(await fixture.client.get(path, headers=follows), 403, "another site")
        refused(await fixture.client.post("/docs", headers=follows), 403, "another site")


OTHER_TYPES = [
    "text/plain", "text/plain;charset=UTF-8", "multipart/form-data; boundary=x", "text/json",
    "application/xml", "application/jsonx", "",
]  # fmt: skip


@pytest.mark.anyio
async def test_a_body_is_json_or_what_curl_calls_it() -> None:
    async with running_service() as fixture:
        await fixture.store_agency()
        body = '{"from": "+100001", "body": "help"}'
        for media_type in (
            None, "application/json", "APPLICATION/JSON; charset=utf-8", "application/x-www-form-urlencoded",
            "application/vnd.carrier+json",
        ):  # fmt: skip
            headers = {} if media_type is None else {"Content-Type": media_type}
            answer = await fixture.client.post("/messages/inbound", content=body, headers=headers)
            assert answer.status_code in (200, 404), answer.text
        before = fixture.kept()
        for media_type in OTHER_TYPES:
            for what in ("messages/inbound", "shifts/mon/cancel", "shifts/mon/release", "shifts/mon/fanout"):
                answer = await fixture.client.post(
                    f"/{what}", content=body, headers={"Content-Type": media_type}
                )
                refused(answer, 415, "application/json")
        assert fixture.kept() == before
        nothing = {"Content-Type": "text/plain", "Content-Length": "0"}
        assert (await fixture.client.post("/shifts/mon/cancel", headers=nothing)).status_code == 200
        fixture.leave()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "shifts.example.com", ""])
def test_the_service_is_not_open_to_the_network_without_a_key(host: str, tmp_path: Path) -> None:
    database = tmp_path / "fixture.db"
    with pytest.raises(UserError) as refusal:
        run(Settings(host=host, database=database), None)
    said = refusal.value.message
    assert host in said
    assert "FANOUT_API_KEYS" in said
    assert "\n" not in said
    assert not database.exists()


def test_a_key_is_not_shown(tmp_path: Path) -> None:
    settings = Settings(api_keys=(SecretStr(KEY),), database=tmp_path / "fixture.db")
    assert KEY not in repr(settings) + settings.model_dump_json()
