"""Whatever is sent, the answer is a problem document with a clear sentence, and nothing is stored."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx2
import pytest
from anyio.from_thread import start_blocking_portal
from hypothesis import given, settings
from hypothesis import strategies as st

from service.http.operations import MOST_BYTES, OPERATIONS
from tests.core.agency import PHONES, caregiver, policy, shift
from tests.service.service_fixture import Json, ServiceFixture, refused, running_service

ANN = caregiver("ann", "RN", 1).model_dump()
MON = shift("mon", "RN", 8).model_dump(mode="json")
YES = {"from": PHONES[1], "body": "yes"}
RULE = policy((0, "sms"), (600, "voice")).model_dump(mode="json")
ROUND = {"after_s": 0, "channel": "sms"}
WRITES: list[tuple[str, str, Json]] = [
    ("PUT", "/caregivers/ann", ANN),
    ("PUT", "/shifts/mon", MON),
    ("PUT", "/policies/org", RULE),
    ("POST", "/messages/inbound", YES),
    ("POST", "/shifts/mon/release", {}),
    ("POST", "/shifts/mon/cancel", {}),
    ("POST", "/shifts/mon/assign", {"caregiver_id": "ann"}),
]
RULES = "/policies/org"
WHEN = "must be a date and time with an offset"
DIGITS = "must be + and 5 to 15 digits"
SPACES = "must have no spaces, slashes, colons or control characters"

# Method, path, body, and the whole sentence that answers it.
WRONG: list[tuple[str, str, object, str]] = [
    ("PUT", "/caregivers/ann", {}, "id: is missing (and 3 more)"),
    ("PUT", "/caregivers/ann", [], "must be an object"),
    ("PUT", "/caregivers/ann", None, "must be an object"),
    ("PUT", "/caregivers/ann", {**ANN, "age": 44}, "age: is not known here; leave it out"),
    ("PUT", "/caregivers/ann", {**ANN, "opted_out": True}, "opted_out: is not known here; leave it out"),
    ("PUT", "/caregivers/ann", {**ANN, "name": 7}, "name: must be a string"),
    ("PUT", "/caregivers/ann", {**ANN, "name": "  "}, "name: must not be empty"),
    ("PUT", "/caregivers/ann", {**ANN, "name": "n" * 101}, "name: must have at most 100 characters"),
    ("PUT", "/caregivers/ann", {**ANN, "x" * 60_000: 1}, f"{'x' * 200}...: is not known here; leave it out"),
    *(("PUT", "/caregivers/ann", {**ANN, "phone": phone}, f"phone: {DIGITS}")
      for phone in ("", "5551234", "+1234", "+1234567890123456", "+1 555 0001", "+15550001\n", "+١٢٣٤٥٦",
                    "tel:+15550001")),
    ("PUT", "/caregivers/ann", {**ANN, "id": "bob"}, "the path names ann and the body bob; make"),
    *(("PUT", f"/caregivers/{quote(id, safe='')}", {**ANN, "id": id}, f"id: {SPACES}")
      for id in ("a b", "a:b", "a\tb", "a\x00b", "a b", "a\n")),
    ("PUT", f"/caregivers/{'a' * 101}", {**ANN, "id": "a" * 101}, "id: must have at most 100 characters"),
    ("PUT", "/shifts/mon", {**MON, "start_time": "2036-03-03T08:00:00"}, f"start_time: {WHEN}"),
    ("PUT", "/shifts/mon", {**MON, "start_time": "tomorrow"}, f"start_time: {WHEN}"),
    ("PUT", "/shifts/mon", {**MON, "start_time": 2_000_000_000}, f"start_time: {WHEN}"),
    ("PUT", "/shifts/mon", {**MON, "start_time": "2036-02-30T08:00:00Z"}, f"start_time: {WHEN}"),
    ("PUT", "/shifts/mon", {**MON, "start_time": "9999-12-31T23:59:59-23:59"}, "start_time: the year must"),
    ("PUT", "/shifts/mon", {**MON, "start_time": "0001-01-01T00:00:00+23:59"}, "start_time: the year must"),
    ("PUT", "/shifts/mon", {**MON, "end_time": MON["start_time"]}, "end_time must be after start_time"),
    ("PUT", "/shifts/mon", {**MON, "timezone": "Mars/Base"}, "timezone: 'Mars/Base' is no IANA time zone"),
    ("PUT", "/shifts/mon", {**MON, "timezone": "../../etc/passwd"}, "timezone: '../../etc/passwd' is no"),
    ("PUT", "/shifts/mon", {**MON, "id": "tue"}, "the path names mon and the body tue; make them the same"),
    ("PUT", RULES, {"rounds": []}, "rounds: must have at least 1 entry"),
    ("PUT", RULES, {"rounds": [ROUND] * 21}, "rounds: must have at most 20 entries"),
    ("PUT", "/policies/org", {"rounds": {}}, "rounds: must be a list"),
    ("PUT", RULES, {"rounds": [{**ROUND, "channel": "fax"}]}, "rounds[0].channel: must be 'sms' or 'voice'"),
    ("PUT", RULES, {"rounds": [ROUND, {**ROUND, "after_s": 0.5}]}, "rounds[1].after_s: must be a whole"),
    ("PUT", RULES, {"rounds": [{**ROUND, "after_s": True}]}, "rounds[0].after_s: must be a whole number"),
    ("PUT", RULES, {"rounds": [{**ROUND, "after_s": -1}]}, "rounds[0].after_s: must be at least 0"),
    ("PUT", RULES, {"rounds": [{**ROUND, "after_s": 10**30}]}, "rounds[0].after_s: must be at most 604800"),
    ("PUT", RULES, {"rounds": [{**ROUND, "limit": 0}]}, "rounds[0].limit: must be at least 1"),
    ("PUT", RULES, {"rounds": [{**ROUND, "after_s": 9}, ROUND]}, "rounds must be in order of after_s"),
    ("PUT", "/policies/a%20b", RULE, f"id: {SPACES}"),
    ("POST", "/messages/inbound", {"body": "yes"}, "from: is missing"),
    ("POST", "/messages/inbound", {"phone": PHONES[1], "body": "yes"}, "from: is missing (and 1 more)"),
    ("POST", "/messages/inbound", {**YES, "message_id": ""}, "message_id: must not be empty"),
    ("POST", "/messages/inbound", {**YES, "message_id": "\0"}, "message_id: must have no control characters"),
    ("POST", "/messages/inbound", {**YES, "shift_id": "a/b"}, f"shift_id: {SPACES}"),
    ("POST", "/messages/inbound", {**YES, "body": None}, "body: must be a string"),
    ("POST", "/shifts/mon/release", {"reason": "r" * 501}, "reason: must have at most 500 characters"),
    ("POST", "/shifts/mon/cancel", {"caregiver_id": "ann"}, "caregiver_id: is not known here; leave it out"),
    ("POST", "/shifts/mon/assign", {}, "caregiver_id: is missing"),
]  # fmt: skip

# Bodies that are no JSON, for every route that reads one.
BROKEN = [
    b"{", b"{'id': 1}", b"\xff\xfe\x00", b"\xef\xbb\xbf{}", b"\x80", b'{"id": "\\ud800"}',
    b'{"id": "\\udc00x"}',
   
    b"[" * 5_000,
    b'{"a":' * 5_000, b"nul", b"{} {}", b'{"a": 1,}', b'{"rounds": ' + b"9" * 5_000 + b"}", b"\x00",
    b"yes=no&x=1",
    b'{"id": "\xed\xa0\x80"}', b'{"id": "a\x01"}',
]  # fmt: skip


@pytest.mark.anyio
async def test_each_mistake_is_named_in_a_sentence() -> None:
    async with running_service() as fixture:
        await fixture.store_agency()
        before = fixture.kept()
        for method, path, body, sentence in WRONG:
            answer = await fixture.client.request(method, path, content=json.dumps(body))
            detail = refused(answer, 422)
            assert detail.startswith(sentence), (path, body, detail)
            assert len(detail) < 400
        assert fixture.kept() == before


@pytest.mark.anyio
@pytest.mark.parametrize("path", [path for _, path, _ in WRITES])
async def test_a_body_that_is_no_json(path: str) -> None:
    (method,) = [method for method, each, _ in WRITES if each == path]
    async with running_service() as fixture:
        await fixture.store_agency()
        before = fixture.kept()
        for body in BROKEN:
            refused(await fixture.client.request(method, path, content=body), 400, "this is not JSON: ")
        if "{}" not in [json.dumps(good) for _, each, good in WRITES if each == path]:
            refused(await fixture.client.request(method, path), 400, "give a JSON object")
        assert fixture.kept() == before


@pytest.mark.anyio
async def test_a_number_that_is_none() -> None:
    async with running_service() as fixture:
        before = fixture.kept()
        for number in ("NaN", "Infinity", "-Infinity", "1e400", "1e5", "-0.0", "9" * 400):
            body = f'{{"rounds": [{{"after_s": {number}, "channel": "sms"}}]}}'
            refused(
                await fixture.client.put("/policies/org", content=body), 422, "rounds[0].after_s: must be"
            )
        assert fixture.kept() == before


# What int() or a lenient parser would take.
NO_NUMBERS = [
    "", " ", "-1", "-0", "+5", " 5", "5 ", "1_000", "1e3", "1.0", "0x1", "٣", "²", "１", "1\n", "1\0",
    "NaN", "null",
    "9" * 19, "9" * 20, "1" * 4_301, "-" + "1" * 4_301, "1,2",
]  # fmt: skip
NUMBERS = ["/shifts?limit=", "/shifts/mon/events?limit=", "/shifts/mon/events?after=", "/events?after="]


@pytest.mark.anyio
@pytest.mark.parametrize("path", NUMBERS)
async def test_a_number_in_a_query_is_plain_digits(path: str) -> None:
    async with running_service() as fixture:
        await fixture.store_agency()
        name = path.partition("?")[2].removesuffix("=")
        for text in NO_NUMBERS:
            refused(await fixture.client.get(path + quote(text)), 422, f"{name} must be a whole number from")
        if "limit" in path:
            refused(await fixture.client.get(f"{path}0"), 422, "limit must be")


UNKNOWN = {
    "lmit=5": "'lmit' is no query parameter: ", "x": "'x' is no", "=5": "'' is no",
    "LIMIT=5": "'LIMIT' is no", "%00=1": "is no", "%ff": "is no", "x" * 5_000: f"'{'x' * 50}' is no",
}  # fmt: skip


@pytest.mark.anyio
async def test_a_query_is_only_what_the_operation_knows() -> None:
    async with running_service() as fixture:
        await fixture.store_agency()
        before = fixture.kept()
        for row in OPERATIONS:
            path = row.path.replace("{id}", "mon")
            for query, said in UNKNOWN.items():
                detail = refused(await fixture.client.request(row.method, f"{path}?{query}"), 422, said)
                assert all(name in detail for name in row.query_names)
                assert len(detail) < 400
            for name in row.query_names:
                for again in (f"{name}=1", f"%{ord(name[0]):x}{name[1:]}=2", name):
                    twice = await fixture.client.get(f"{path}?{name}=1&{again}")
                    refused(twice, 422, f"{name} is given twice")
        assert fixture.kept() == before


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])  # trio warns that the client leaves the body unread
async def test_a_body_that_is_too_large() -> None:
    async with running_service() as fixture:
        await fixture.store_agency()
        before = fixture.kept()

        async def pieces() -> Any:
            for _ in range(MOST_BYTES // 1024 + 1):
                yield b" " * 1024

        routes = [(method, path) for method, path, _ in WRITES] + [("POST", "/shifts/mon/fanout")]
        for method, path in routes:
            large = await fixture.client.request(method, path, content=b" " * (MOST_BYTES + 1))
            refused(large, 413, "larger than 65536 bytes")
            refused(await fixture.client.request(method, path, content=pieces()), 413, "larger")
        assert fixture.kept() == before
        full = json.dumps(YES).encode().ljust(MOST_BYTES)  # just fits
        assert (await fixture.client.post("/messages/inbound", content=full)).status_code == 200
        await fixture.settle()
        fixture.hear_all()


@pytest.mark.anyio
async def test_a_path_or_method_that_does_not_exist() -> None:
    async with running_service() as fixture:
        await fixture.store_agency()
        before = fixture.kept()
        for path in (
            "/",
            "/nowhere",
            "/shifts/mon/fanouts",
            "/caregivers/a/b",
            "/shifts/mon%2Ffanout/x",
            "/policies",
        ):
            refused(await fixture.client.get(path), 404, "no such path", "/docs")
        for method, path, allowed in (
            ("DELETE", "/caregivers/ann", "GET, HEAD, PUT"),
            ("POST", "/shifts/mon", "GET, HEAD, PUT"),
            ("PATCH", "/policies/org", "GET, HEAD, PUT"),
            ("GET", "/messages/inbound", "POST"),
            ("PUT", "/shifts/mon/fanout", "POST"),
            ("POST", "/health", "GET, HEAD"),
        ):
            answer = await fixture.client.request(method, path)
            refused(answer, 405, "does not take this method")
            assert answer.headers["allow"] == allowed
        assert fixture.kept() == before


STRANGE = [
    "ä", "日本語", "👩\u200d⚕️", "a~!$&'()*+,;=@", "a?b#c", "a%b", "%2f", '"', "<script>", "a\\b", "';DROP--",
    "default", "0", "-1", "null", "\u202egro",
]  # fmt: skip


@pytest.mark.anyio
async def test_strange_ids_are_just_ids(store: Any) -> None:
    async with running_service(store) as fixture:
        for id in STRANGE:
            path = quote(id, safe="")
            changed = {**ANN, "id": id, "role": id, "phone": f"+1000{len(fixture.journal())}"}
            assert (await fixture.put(f"/caregivers/{path}", changed)).status_code == 201, id
            work = {**MON, "id": id, "organization_id": id, "role_required": id}
            assert (await fixture.put(f"/shifts/{path}", work)).status_code == 201
            assert (await fixture.put(f"/policies/{path}", RULE)).status_code == 201
            assert (await fixture.post(f"/shifts/{path}/fanout")).json()["contacted"] == [id]
            assert (await fixture.get(f"/shifts/{path}"))["shift"]["id"] == id
            device = fixture.device(changed["phone"])
            assert (await device.expect_sms("shift").then_reply("yes"))["caregiver_id"] == id
            await device.expect_sms("Confirmed")
            events = (await fixture.get(f"/shifts/{path}/events"))["events"]
            assert {event["shift_id"] for event in events} == {id}


@pytest.mark.anyio
@pytest.mark.parametrize("path", ["%00", "%ff%fe", "%ed%a0%80", "a%0Ab", "x" * 3000, "%F0%9F", " "])
async def test_ids_that_nothing_can_have_are_not_found(path: str, store: Any) -> None:
    async with running_service(store) as fixture:
        for route in (f"/shifts/{path}", f"/caregivers/{path}", f"/shifts/{path}/events"):
            refused(await fixture.client.get(route), 404, "no ")
        for what in ("fanout", "release", "cancel"):
            refused(await fixture.post(f"/shifts/{path}/{what}"), 404, "no ")
        assert fixture.journal() == []


# --- anything at all ---------------------------------------------------------------------------

_SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
    | st.sampled_from(["ann", "mon", PHONES[1], MON["start_time"], MON["end_time"], "sms", "yes", "RN"])
)  # fmt: skip
_ANYTHING = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
)


@st.composite
def _twisted(draw: st.DrawFn, good: Json) -> bytes:
    """A good body with some of its fields replaced, left out or added; now and then no JSON any more."""
    body: dict[str, object] = dict(good)
    for name in draw(
        st.lists(st.sampled_from([*good, "id", "from", "reason", "limit", "extra"]), max_size=3)
    ):
        if draw(st.booleans()):
            body[name] = draw(_ANYTHING)
        else:
            body.pop(name, None)
    whole = draw(_ANYTHING) if draw(st.integers(0, 9)) == 0 else body
    text = json.dumps(whole, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")
    if draw(st.integers(0, 4)) == 0:
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.binary(max_size=4)) + text[at + draw(st.integers(0, 4)) :]
    return text


@pytest.fixture(scope="module")
def portal() -> Iterator[tuple[Any, ServiceFixture]]:
    """A fixture that stays for all examples, called from outside its event loop."""
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(running_service()) as fixture:
        portal.call(fixture.store_agency)
        yield portal, fixture
        portal.call(fixture.settle)
        fixture.hear_all()


@pytest.mark.parametrize(("method", "path", "good"), WRITES, ids=[path for _, path, _ in WRITES])
@settings(max_examples=60)
@given(data=st.data())
def test_no_body_is_too_much(portal: Any, method: str, path: str, good: Json, data: st.DataObject) -> None:
    calls, fixture = portal
    body = data.draw(_twisted(good))
    calls.call(fixture.settle)
    before = fixture.kept()

    async def ask() -> httpx2.Response:
        answer: httpx2.Response = await fixture.client.request(method, path, content=body)
        return answer

    answer = calls.call(ask)
    assert answer.status_code in (200, 201, 400, 404, 409, 422), answer.text
    if answer.status_code >= 400:
        assert refused(answer, answer.status_code)
        assert fixture.kept() == before
