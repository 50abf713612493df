"""What coordinators should see to, over HTTP."""

import pytest

from service.stores.queries import ServiceStore
from tests.service.service_fixture import refused, running_service

pytestmark = pytest.mark.anyio


async def test_what_waits_is_told_newest_first_page_by_page_until_somebody_has_seen_to_it(
    store: ServiceStore,
) -> None:
    async with running_service(store) as fixture:
        await fixture.store_agency()
        await fixture.device("ann").says("sorry, I'm sick and can't come today")
        stranger = {"from": "+15550199", "body": "this is Ann's sister"}
        refused(await fixture.post("/messages/inbound", stranger), 404, "no caregiver has this phone")
        first = await fixture.get("/attention?limit=1")
        [unknown] = first["attention"]
        assert unknown == {
            "id": 2, "at": "2025-03-03T06:00:00Z", "reason": "unknown_number", "text": "this is Ann's sister",
            "shift_id": None, "caregiver_id": None, "phone": "+15550199", "done_at": None, "done_by": None,
        }  # fmt: skip
        second = await fixture.get(f"/attention?limit=1&before={first['next']}")
        [sick] = second["attention"]
        assert (sick["caregiver_id"], sick["reason"], second["next"]) == ("ann", "no_open_offer", None)

        assert (await fixture.post("/attention/2/done", {"by": "Dana"})).status_code == 200
        assert [item["id"] for item in (await fixture.get("/attention"))["attention"]] == [1]
        [done] = (await fixture.get("/attention?done=true"))["attention"]
        assert (done["id"], done["done_by"], done["done_at"]) == (2, "Dana", "2025-03-03T06:00:00Z")
        fixture.leave()


@pytest.mark.parametrize("number", ["0", "7", "-1", "x", "1e3", "\u0663", "9" * 40])
async def test_what_does_not_wait_cannot_be_seen_to(store: ServiceStore, number: str) -> None:
    async with running_service(store) as fixture:
        refused(await fixture.post(f"/attention/{number}/done", {"by": "Dana"}), 404, "waits for attention")
