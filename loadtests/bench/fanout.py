"""One shift is offered to ten thousand caregivers: the time to the answer, and until all texts are sent."""

import asyncio
import json
import time
from pathlib import Path
from statistics import median

import httpx2

from loadtests.bench.load import (
    FAST,
    POLICY,
    Ids,
    bench_store,
    caregiver_row,
    checked,
    drain,
    fresh_copy,
    load,
    put_policies,
    send_all,
    shift_row,
    two_cores,
    workspace,
    write_roster,
)
from loadtests.bench.section import Section
from loadtests.servers import Running, fail, peer, say, service, serving

CAREGIVERS = 10_000
SMALL = {"runs": 1, "caregivers": 30}


def seconds_to_answer(server: Running, shift_id: str, caregivers: int) -> float:
    """How long `POST /shifts/{id}/fanout` takes. Ends the program unless everybody is contacted."""
    with httpx2.Client(base_url=server.url, timeout=120) as client:
        client.get("/health")  # connects, which is not measured
        begun = time.perf_counter()
        answer = client.post(f"/shifts/{shift_id}/fanout")
        took_s = time.perf_counter() - begun
    fanout = checked(answer).json()
    if fanout["status"] != "fanout_started" or len(fanout["contacted"]) != caregivers:
        fail(f"invalid run: {fanout['status']}, {len(fanout['contacted']):,} of {caregivers:,} contacted.")
    return took_s


def of_service(database: Path, shift_id: str, caregivers: int, core: int) -> tuple[float, float]:
    """Seconds to the answer, and until the carrier has accepted all texts."""
    sent = database.with_name("sent.jsonl")
    with serving(service(database), database.parent, core, FAST, sent) as server:
        put_policies(server.url, {"default": POLICY})
        begun = time.time()
        answered_s = seconds_to_answer(server, shift_id, caregivers)
        drain(server.url)
    # The carrier's last line is the last change of the file, so the file is not read during the measurement.
    all_sent_s = sent.stat().st_mtime - begun
    texted = {json.loads(line)["to"] for line in sent.read_text().splitlines()}
    if len(texted) != caregivers:
        fail(f"invalid run: {len(texted):,} of {caregivers:,} caregivers were texted.")
    return answered_s, all_sent_s


def of_peer(data: Path, shift_id: str, caregivers: int, core: int) -> float:
    """Seconds to the answer. Data is sent by HTTP: loading a file would already start its fanouts."""
    roster = json.loads(data.read_text())
    rows = [(kind, row) for kind in ("caregivers", "shifts") for row in roster[kind]]
    requests = [("PUT", f"/{kind}/{row['id']}", json.dumps(row).encode()) for kind, row in rows]
    with serving(peer(), data.parent, core) as server:
        asyncio.run(send_all(server.url, requests))
        return seconds_to_answer(server, shift_id, caregivers)


def measure(runs: int = 7, caregivers: int = CAREGIVERS) -> Section:
    core, _ = two_cores()
    answers: dict[str, list[float]] = {"service": [], "peer": [], "floor": []}
    sends: dict[str, list[float]] = {"service": [], "floor": []}
    with workspace() as folder:
        ids = Ids(3)
        data, prepared, shift_id = folder / "data.json", folder / "prepared.db", ids.new()
        write_roster(
            data,
            [shift_row(shift_id, "nurse", (0, 8))],
            [caregiver_row(ids.new(), "nurse", number) for number in range(caregivers)],
        )
        load(data, prepared)
        for number in range(1, runs + 1):
            with fresh_copy(prepared) as database:
                answered_s, all_sent_s = of_service(database, shift_id, caregivers, core)
            answers["service"].append(answered_s)
            sends["service"].append(all_sent_s)
            answers["peer"].append(of_peer(data, shift_id, caregivers, core))
            inserted = bench_store(
                "floor", core, "offer", "--folder", folder, "--items", caregivers, "--group", caregivers
            )
            sent = bench_store("floor", core, "send", "--folder", folder, "--items", 2 * caregivers)
            answers["floor"].append(caregivers / inserted["per_s"])
            sends["floor"].append(answers["floor"][-1] + 2 * caregivers / sent["per_s"])
            say(f"run {number} of {runs}: answered in {answered_s:.2f} s, all sent in {all_sent_s:.1f} s")
    return section(answers, sends, caregivers)


def section(answers: dict[str, list[float]], sends: dict[str, list[float]], caregivers: int) -> Section:
    answered = {name: median(figures) for name, figures in answers.items()}
    sent = {name: median(figures) for name, figures in sends.items()}

    def row(name: str, label: str) -> tuple[str, ...]:
        of_all = ("-", "-")
        if name in sent:
            of_all = (f"{sent[name]:.2f}", f"{caregivers / sent[name]:,.0f}")
        return label, f"{answered[name] * 1000:,.0f}", *of_all

    return Section(
        f"Fan-out to {caregivers:,} caregivers",
        f"`POST /shifts/{{id}}/fanout` of a shift whose role {caregivers:,} caregivers have: the time to the "
        "answer, which names all of them, and until the console carrier has accepted the last text, without "
        "a limit of texts per second. The peer records who was contacted and sends nothing. The floor is "
        "bare SQL in the same group commits: an offer and a send for each caregiver in one transaction, then "
        "for each text that it begins and that it was sent, each an UPDATE and the INSERT of an event, 64 to "
        "a commit.",
        ("", "answered, ms", "all sent, s", "texts/s"),
        (
            row("service", "service, durable in SQLite"),
            row("peer", "peer, FastAPI in memory"),
            row("floor", "floor, bare SQL"),
            ("service / peer", f"{answered['service'] / answered['peer']:.2f}", "-", "-"),
            (
                "service / floor",
                f"{answered['service'] / answered['floor']:.2f}",
                f"{sent['service'] / sent['floor']:.2f}",
                f"{sent['floor'] / sent['service']:.2f}",
            ),
        ),
    )
