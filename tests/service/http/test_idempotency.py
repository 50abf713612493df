"""A coordinator's request that is sent again with its Idempotency-Key is carried out once."""

import pytest
from anyio import create_task_group

from service.stores.queries import ServiceStore
from tests.service.service_fixture import Json, ServiceFixture, refused, running_service

pytestmark = pytest.mark.anyio


async def release(fixture: ServiceFixture, key: str, body: Json | None = None) -> Json:
    answer = await fixture.client.post("/shifts/mon/release", json=body, headers={"Idempotency-Key": key})
    return {"status_code": answer.status_code, **answer.json()}


async def test_a_release_that_is_sent_again_gets_the_first_answer_and_spares_the_next_holder(
    store: ServiceStore,
) -> None:
    async with running_service(store) as fixture:
        await fixture.store_agency()
        await fixture.post("/shifts/mon/assign", {"caregiver_id": "ann"})
        answers: list[Json] = []

        async def again() -> None:
            answers.append(await release(fixture, '"key-1"'))

        async with create_task_group() as tasks:
            for _ in range(5):
                tasks.start_soon(again)
        await fixture.post("/shifts/mon/assign", {"caregiver_id": "ben"})
        await again()
        await fixture.client.post("/shifts/mon/release", headers={"Idempotency-Key": "key-1"})
        assert [(answer["status"], answer["caregiver_id"]) for answer in answers] == [("released", "ann")] * 6
        assert (await fixture.get("/shifts/mon"))["fanout"]["holder"] == "ben"
        fixture.leave()


async def test_a_key_belongs_to_one_request(store: ServiceStore) -> None:
    async with running_service(store) as fixture:
        await fixture.store_agency()
        await fixture.post("/shifts/mon/assign", {"caregiver_id": "ann"})
        assert (await release(fixture, "k"))["status_code"] == 200
        other = await release(fixture, "k", {"reason": "sick"})
        assert (other["status_code"], other["detail"]) == (
            422, "this Idempotency-Key came with another request; give each request its own",
        )  # fmt: skip
        fixture.leave()


async def test_a_refusal_is_repeated_and_what_was_not_understood_is_not_kept(store: ServiceStore) -> None:
    async with running_service(store) as fixture:
        await fixture.store_agency()
        assert (await release(fixture, "k", {"reason": 1}))["status_code"] == 422
        first = await release(fixture, "k")
        assert first["status_code"] == 409
        await fixture.post("/shifts/mon/assign", {"caregiver_id": "ann"})
        assert await release(fixture, "k") == first
        fixture.leave()


@pytest.mark.parametrize("key", ["", '""', "k" * 201, "caf\u00e9"])
async def test_a_key_that_is_none_is_refused(store: ServiceStore, key: str) -> None:
    async with running_service(store) as fixture:
        await fixture.store_agency()
        headers = {"Idempotency-Key": key.encode("latin-1")}
        answer = await fixture.client.post("/shifts/mon/release", headers=headers)
        refused(answer, 422, "Idempotency-Key must have 1 to 200 printable ASCII characters")
