"""The peer with the classic mistake: it checks whether the shift is free, awaits, and only then takes it.

The positive control of `fanout race --mutant`: a race that did not detect it would prove nothing.
"""

import argparse
import asyncio

import uvicorn
from fastapi import FastAPI, HTTPException

from loadtests.peers import fastapi_lock as peer
from loadtests.peers.fastapi_lock import REPLIES, Answer, Inbound, Status

app = FastAPI(title="Two people get the same shift")


@app.post("/messages/inbound")
async def inbound(message: Inbound) -> Answer:
    """Treats every message as an accept."""
    caregiver = peer.by_phone.get(message.sender)
    if caregiver is None:
        raise HTTPException(404, "unknown phone")
    shift = peer.find_shift(message.shift_id)
    holder = peer.holders.get(shift.id)
    await asyncio.sleep(0.001)  # as long as a database takes to answer
    if holder is None:
        peer.holders[shift.id] = caregiver.id
    status = Status.claimed if holder is None else Status.already_claimed
    return Answer(status=status, shift_id=shift.id, caregiver_id=caregiver.id, reply=REPLIES[status])


app.include_router(peer.app.router)  # all other routes; the one above takes precedence


def main() -> None:
    parser = argparse.ArgumentParser(description="The mutant, which gives shifts to several caregivers.")
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args()
    uvicorn.run(app, host="127.0.0.1", port=options.port, access_log=False, log_level="warning")


if __name__ == "__main__":
    main()
