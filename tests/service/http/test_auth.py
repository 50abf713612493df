"""Keys guard all but /health and the API's description; without one only this machine is served."""

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
