"""The examples of the API's description: a story that the core itself tells."""

import json
from typing import Any

from pydantic import BaseModel

from core.commands import (
    Command,
    FanoutResult,
    InboundResult,
    Lease,
    Leased,
    MarkSent,
    PutCaregiver,
    PutShift,
    Result,
    StartFanout,
)
from core.desk import decide
from core.gather import gather
from core.memory import MemoryStore
from core.model import DEFAULT_POLICY, Caregiver, Shift, to_ms
from core.sends import Limits
from service.answers import answer_json
from service.http.models import (
    CaregiverList,
    CaregiverView,
    FanoutAnswer,
    JournalLine,
    JournalPage,
    ShiftDetails,
    ShiftList,
)
from service.language.door import inbound
from service.language.wording import Wording

# --- the examples ------------------------------------------------------------------------------

# From sample_data.json.
CAREGIVERS = (
    '{"id":"27e8d156-7fee-4f79-94d7-b45d306724d4","name":"Alice Ongwele","role":"RN","phone":"+15550001"}',
    '{"id":"22fb1d7c-b2b4-4aac-ac3a-d0dc3cb5aed2","name":"Priya Ramaswamy","role":"RN","phone":"+15550004"}',
    '{"id":"365e1b01-a3e1-4299-89ba-84dcf79e56f8","name":"Tomasz Wielgosz","role":"RN","phone":"+15550005"}',
)
SHIFT = (
    '{"id":"f5a9d844-ecff-4f7a-8ef7-d091f22ad77e","organization_id":"home-care-east","role_required":"RN",'
    '"start_time":"2036-03-03T08:00:00-05:00","end_time":"2036-03-03T16:00:00-05:00",'
    '"timezone":"America/New_York","location":"12 Maple St"}'
)


def story() -> dict[str, Any]:
    """What the core makes of one shift and three caregivers who answer one after the other."""
    people = [Caregiver.model_validate_json(caregiver) for caregiver in CAREGIVERS]
    alice, priya, tomasz = people
    shift = Shift.model_validate_json(SHIFT)
    store, wording = MemoryStore(), Wording("America/New_York")
    at_ms = to_ms(shift.start_time) - 3 * 3_600_000

    def tell(command: Command) -> Result:
        nonlocal at_ms
        at_ms += 1_000
        changes = decide([command], gather(store, [command], at_ms))
        wording.render(changes)
        store.commit(changes)
        return changes.results[0]

    def deliver() -> None:
        leased = tell(Lease(store.owner, Limits(0, 0, 0, 0), 60_000, 100))
        assert isinstance(leased, Leased), leased
        for send in leased.sends:
            tell(MarkSent(send.key, send.attempt))

    def fanout() -> Any:
        result = tell(StartFanout(shift.id))
        assert isinstance(result, FanoutResult), result
        deliver()
        return plain(FanoutAnswer.of(result))

    def says(who: Caregiver, text: str) -> Any:
        result = tell(inbound(who.phone, text))
        assert isinstance(result, InboundResult), result
        return json.loads(answer_json(result))

    for person in people:
        tell(PutCaregiver(person))
    tell(PutShift(shift))
    story = {
        "started": fanout(),
        "again": fanout(),
        "declined": says(tomasz, "sorry, I can't"),
        "unknown": says(alice, "what time is it?"),
        "accepted": says(alice, "yes"),
        "late": says(priya, "yes"),
    }
    view, entries = store.shift(shift.id), store.events(0, 100, shift.id)
    assert view is not None
    details = ShiftDetails.of(view)
    members = [CaregiverView.of(member) for member in store.roster()]
    return story | {
        "alice": plain(alice),
        "shift": plain(shift),
        "policy": plain(DEFAULT_POLICY),
        "code": next(offer.code for offer in view.offers if offer.caregiver_id == alice.id),
        "roster": plain(CaregiverList(caregivers=members)),
        "member": plain(members[0]),
        "filled": plain(details),
        "page": plain(ShiftList(shifts=[details], next=None)),
        "journal": plain(
            JournalPage(events=[JournalLine.model_validate_json(entry.line()) for entry in entries])
        ),
        "stream": "".join(f"id: {e.seq}\nevent: {e.event.kind}\ndata: {e.line()}\n\n" for e in entries[-3:]),
    }


def plain(model: BaseModel) -> Any:
    return model.model_dump(mode="json")
