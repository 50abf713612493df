"""The in-memory peer for `loadtests.bench.claims`: what most people would build first.

FastAPI with pydantic models on every route, dicts for the data, one `asyncio.Lock` per shift. It sends
nothing and forgets everything when it stops, so it does less than the service for each claim. It is not
slowed down in any way.
"""

import argparse
import asyncio
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import uvicorn
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, Field

ACCEPT = {"yes", "y", "ok", "accept", "1"}
DECLINE = {"no", "n", "decline", "2"}


class Caregiver(BaseModel):
    id: str
    name: str
    role: str
    phone: str


class Shift(BaseModel):
    id: str
    organization_id: str
    role_required: str
    start_time: datetime
    end_time: datetime


class FanoutView(BaseModel):
    holder: str | None
    contacted: list[str]


class ShiftView(BaseModel):
    shift: Shift
    fanout: FanoutView | None


class Roster(BaseModel):
    """The file that `--load` names."""

    shifts: list[Shift]
    caregivers: list[Caregiver]


class Fanout(BaseModel):
    shift_id: str
    status: str
    contacted: list[str]


class Inbound(BaseModel):
    sender: str = Field(alias="from")
    body: str
    shift_id: str
    message_id: str


class Status(StrEnum):
    claimed = "claimed"
    already_yours = "already_yours"
    already_claimed = "already_claimed"
    declined = "declined"
    unknown = "unknown"


REPLIES = {
    Status.claimed: "The shift is yours.",
    Status.already_yours: "The shift is already yours.",
    Status.already_claimed: "Someone else has taken the shift.",
    Status.declined: "Thank you for telling us.",
    Status.unknown: "Please answer YES or NO.",
}


class Answer(BaseModel):
    status: Status
    shift_id: str
    caregiver_id: str
    reply: str


app = FastAPI(title="Shift fanout in memory")

caregivers: dict[str, Caregiver] = {}
by_phone: dict[str, Caregiver] = {}
shifts: dict[str, Shift] = {}
locks: dict[str, asyncio.Lock] = {}
contacted: dict[str, list[str]] = {}
holders: dict[str, str] = {}
answers: dict[str, Answer] = {}


def find_shift(shift_id: str) -> Shift:
    shift = shifts.get(shift_id)
    if shift is None:
        raise HTTPException(404, "unknown shift")
    return shift


def decide(shift_id: str, caregiver_id: str, text: str) -> Status:
    word = text.strip().lower()
    if word in ACCEPT:
        holder = holders.get(shift_id)
        if holder is None:
            holders[shift_id] = caregiver_id
            return Status.claimed
        return Status.already_yours if holder == caregiver_id else Status.already_claimed
    return Status.declined if word in DECLINE else Status.unknown


@app.post("/messages/inbound")
async def inbound(message: Inbound) -> Answer:
    caregiver = by_phone.get(message.sender)
    if caregiver is None:
        raise HTTPException(404, "unknown phone")
    shift = find_shift(message.shift_id)
    async with locks[shift.id]:
        known = answers.get(message.message_id)
        if known is not None:
            return known
        if caregiver.id not in contacted.get(shift.id, ()):
            raise HTTPException(404, "this shift was not offered to this phone")
        status = decide(shift.id, caregiver.id, message.body)
        answer = Answer(status=status, shift_id=shift.id, caregiver_id=caregiver.id, reply=REPLIES[status])
        answers[message.message_id] = answer
        return answer


@app.get("/health")
async def health() -> dict[str, str]:
    return {"status": "ok"}


@app.put("/caregivers/{caregiver_id}")
async def put_caregiver(caregiver_id: str, caregiver: Caregiver) -> Caregiver:
    if caregiver_id in caregivers:
        del by_phone[caregivers[caregiver_id].phone]
    caregivers[caregiver_id] = by_phone[caregiver.phone] = caregiver
    return caregiver


@app.put("/policies/{organization}")
async def put_policy(organization: str) -> None:
    """Accepted and ignored: this peer calls nobody."""


@app.put("/shifts/{shift_id}")
async def put_shift(shift_id: str, shift: Shift) -> Shift:
    shifts[shift_id] = shift
    locks.setdefault(shift_id, asyncio.Lock())
    return shift


@app.get("/shifts/{shift_id}")
async def get_shift(shift_id: str) -> ShiftView:
    shift = find_shift(shift_id)
    asked = contacted.get(shift_id)
    fanout = None if asked is None else FanoutView(holder=holders.get(shift_id), contacted=asked)
    return ShiftView(shift=shift, fanout=fanout)


@app.post("/shifts/{shift_id}/fanout")
async def start_fanout(shift_id: str) -> Fanout:
    shift = find_shift(shift_id)
    async with locks[shift_id]:
        if shift_id in holders:
            raise HTTPException(409, f"{holders[shift_id]} has this shift")
        status = "already_fanout" if shift_id in contacted else "fanout_started"
        if shift_id not in contacted:
            contacted[shift_id] = [one.id for one in caregivers.values() if one.role == shift.role_required]
        return Fanout(shift_id=shift_id, status=status, contacted=contacted[shift_id])


def load(path: Path) -> None:
    """Stores everything in the file, and starts the fanout of every shift."""
    roster = Roster.model_validate_json(path.read_bytes())
    by_role: dict[str, list[str]] = {}
    for caregiver in roster.caregivers:
        caregivers[caregiver.id] = by_phone[caregiver.phone] = caregiver
        by_role.setdefault(caregiver.role, []).append(caregiver.id)
    for shift in roster.shifts:
        shifts[shift.id] = shift
        locks[shift.id] = asyncio.Lock()
        contacted[shift.id] = list(by_role.get(shift.role_required, ()))


def main() -> None:
    parser = argparse.ArgumentParser(description="The in-memory peer of the claims benchmark.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument(
        "--load", type=Path, help="JSON file of shifts and caregivers; the fanout of every shift is started"
    )
    options = parser.parse_args()
    if options.load:
        load(options.load)
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=options.port,
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=5,
    )


if __name__ == "__main__":
    main()
