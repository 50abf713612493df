"""What the service can do without HTTP, and what bare SQL statements can do: for the benchmarks in loadtests.

    uv run python -m loadtests.bench.store claims --database prepared.db --claims claims.txt
    uv run python -m loadtests.bench.store floor claim --folder .
    uv run python -m loadtests.bench.store grow --past old.db --database new.db --copies 99

Each prints one line of JSON. `claims` sends messages to the real ledger, desk and store. `floor` is the
least that durable work of a kind must write: two or three bare statements on small tables, in group commits
with the store's own pragmas. `grow` copies everything that ever happened in a database, each time under new
ids and earlier, so that there is a long past to measure with.
"""

import argparse
import gc
import json
import os
import shutil
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from random import Random
from statistics import quantiles
from uuid import UUID

import anyio

from core.commands import Inbound, InboundResult, StartFanout
from core.sends import Limits
from service.carriers.console import ConsoleCarrier
from service.http.models import InboundMessage
from service.runtime import Service
from service.stores.sqlite.store import REMEMBERED_MS, SqliteStore

# As `fanout serve` sets it.
GC_THRESHOLD = (20_000, 20, 50)
# As the store sets it.
CHECKPOINT_PAGES = 4_000


# --- claims without HTTP -----------------------------------------------------------------------


def read_claims(path: Path, most: int) -> list[Inbound]:
    with path.open() as lines:
        messages = [
            InboundMessage.model_validate_json(line) for line, _ in zip(lines, range(most), strict=False)
        ]
    return [
        Inbound(message.phone, message.body, message.shift_id, message.message_id) for message in messages
    ]


async def submit_all(
    store: SqliteStore, claims: Sequence[Inbound], outstanding: int, reminded: int
) -> dict[str, float]:
    """Claims per second, and the time of one, with always as many `outstanding`.

    The fanouts of the first `reminded` shifts are asked for again before that: the process that is claimed
    from has started them itself in reality, and remembers.
    """
    statuses: Counter[str] = Counter()
    took_ms: list[float] = []
    remaining = iter(claims)
    with open(os.devnull, "w") as nowhere:
        service = Service(store, ConsoleCarrier(nowhere), limits=Limits(), timezone="America/New_York")

        async def claimant() -> None:
            for claim in remaining:
                begun = time.perf_counter()
                result = await service.ledger.submit(claim)
                took_ms.append((time.perf_counter() - begun) * 1000)
                statuses[result.status if isinstance(result, InboundResult) else "refused"] += 1

        async with service.running():
            for shift_id in list(dict.fromkeys(claim.shift_id for claim in claims))[:reminded]:
                assert shift_id is not None
                await service.ledger.submit(StartFanout(shift_id))
            gc.freeze()
            gc.set_threshold(*GC_THRESHOLD)
            begun = time.perf_counter()
            async with anyio.create_task_group() as tasks:
                for _ in range(outstanding):
                    tasks.start_soon(claimant)
            seconds = time.perf_counter() - begun
    cuts = quantiles(took_ms, n=100)
    return {"per_s": len(claims) / seconds, "p50_ms": cuts[49], "p99_ms": cuts[98], **statuses}


# --- the floor ---------------------------------------------------------------------------------

FLOOR_SCHEMA = """
CREATE TABLE shifts (id TEXT NOT NULL UNIQUE, holder TEXT, deadline_ms INTEGER) STRICT;
CREATE TABLE offers (shift TEXT NOT NULL, caregiver TEXT NOT NULL UNIQUE, text TEXT NOT NULL) STRICT;
CREATE TABLE outbox (id TEXT NOT NULL UNIQUE, text TEXT NOT NULL, status INTEGER NOT NULL) STRICT;
CREATE TABLE events (seq INTEGER PRIMARY KEY, shift TEXT NOT NULL, data TEXT NOT NULL) STRICT;
"""
EVENT = "INSERT INTO events (shift, data) VALUES (:id, :text)"
# The least that each kind of work must write.
FLOORS = {
    "claim": ("UPDATE shifts SET holder = :text WHERE id = :id AND holder IS NULL", EVENT),
    "offer": (
        "INSERT INTO offers VALUES ('the shift', :id, :text)",
        "INSERT INTO outbox VALUES (:id || 'new', :text, 0)",
    ),
    "send": ("UPDATE outbox SET status = 1 WHERE id = :id", EVENT),
    "escalation": (
        "UPDATE shifts SET deadline_ms = 1 WHERE id = :id",
        "INSERT INTO outbox VALUES (:id || 'new', :text, 0)",
        EVENT,
    ),
}
TEXT = "as long as the data of an event and the words of a text, more or less; " * 2


def floor(path: Path, kind: str, items: int, group: int) -> dict[str, float]:
    """How many items a second, `group` of them in each transaction."""
    ids = Random(2035)
    rows = [{"id": str(UUID(int=ids.getrandbits(128), version=4)), "text": TEXT} for _ in range(items)]
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        run = writer.execute
        run("PRAGMA journal_mode = WAL")
        run("PRAGMA synchronous = FULL")
        run(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        writer.executescript(f"BEGIN; {FLOOR_SCHEMA} COMMIT; BEGIN")
        writer.executemany("INSERT INTO shifts (id) VALUES (:id)", rows)
        writer.executemany("INSERT INTO outbox VALUES (:id, :text, 0)", rows)
        run("COMMIT")
        took_ms = []
        for first in range(0, items, group):
            begun = time.perf_counter()
            run("BEGIN IMMEDIATE")
            for row in rows[first : first + group]:
                for statement in FLOORS[kind]:
                    run(statement, row)
            run("COMMIT")
            took_ms.append((time.perf_counter() - begun) * 1000)
    cuts = quantiles(took_ms, n=100) if len(took_ms) > 1 else took_ms * 100
    return {"per_s": items / sum(took_ms) * 1000, "p50_ms": cuts[49], "p99_ms": cuts[98]}


# --- a long past -------------------------------------------------------------------------------

COPY_MS = 2 * 86_400_000  # each copy is so much earlier than the one before
AGES_MS = 30 * 365 * 86_400_000  # and its shifts are over
# The copy of an id differs in its first eight digits, which an odd factor makes different for each copy.
NEW = "printf('%08x', (n * 2654435761) & 4294967295) || substr({}, 9)"


SHIFT, SEQ, MS = "{} + n * :shifts", "{} + n * :events", f"{{}} - n * {COPY_MS}"
OVER = f"{MS} - {AGES_MS}"
# What becomes of the columns of each table's rows in the n-th copy; the others stay as they are.
COPIED = {
    "shifts": {"number": SHIFT, "id": NEW},
    "fanouts": {
        "shift": SHIFT, "start_ms": OVER, "end_ms": OVER, "last_ms": MS, "last_seq": SEQ, "since_ms": MS,
        "next_deadline_ms": MS,
    },
    "rounds": {"shift": SHIFT, "opened_ms": MS, "round_ms": MS},
    "offers": {"shift": SHIFT, "made_ms": MS, "sent_ms": MS},
    "events": {"seq": SEQ, "shift": SHIFT, "previous": SEQ, "at_ms": MS},
    "outbox": {
        "key": f"iif(purpose = 'offer', {NEW}, key || '/' || n)", "shift_id": NEW, "due_ms": MS,
        "ready_ms": MS,
    },
    "inbox": {"message_id": NEW, "at_ms": MS},
}  # fmt: skip


def grow(past: Path, database: Path, copies: int) -> dict[str, float]:
    """Makes `database` of `past` and copies of all that happened in it; returns how many rows of each."""
    shutil.copyfile(past, database)
    with closing(sqlite3.connect(database, isolation_level=None)) as writer:
        run = writer.execute
        run("PRAGMA journal_mode = OFF")
        run("PRAGMA synchronous = OFF")
        run("PRAGMA cache_size = -1000000")
        run("ATTACH ? AS past", (str(past),))
        known = {}
        (known["shifts"],) = run("SELECT max(number) FROM past.shifts").fetchone()
        (known["events"],) = run("SELECT max(seq) FROM past.events").fetchone()
        for table, changed in COPIED.items():
            # Answers are forgotten after two weeks at most.
            known["copies"] = copies if table != "inbox" else min(copies, 2 * REMEMBERED_MS // COPY_MS)
            columns = [row[1] for row in run(f"PRAGMA past.table_info({table})")]
            values = ", ".join(changed.get(column, "{}").format(column) for column in columns)
            run(
                f"""WITH RECURSIVE copy (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copy WHERE n < :copies)
                INSERT INTO main.{table} ({", ".join(columns)}) SELECT {values}
                FROM copy CROSS JOIN past.{table} WHERE :copies > 0""",
                known,
            )
        rows = {table: run(f"SELECT count(*) FROM main.{table}").fetchone()[0] for table in COPIED}
        run("PRAGMA journal_mode = WAL")
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    claims = commands.add_parser("claims", help="claims through ledger, desk and store")
    claims.add_argument("--database", type=Path, required=True, help="in which the shifts are open")
    claims.add_argument("--claims", type=Path, required=True, help="bodies of messages, one a line")
    claims.add_argument("--most", type=int, default=12_000, help="of them (12000)")
    claims.add_argument("--outstanding", type=int, default=64, help="always waited for at once (64)")
    claims.add_argument("--reminded", type=int, default=0, help="fanouts asked for again before (0)")
    least = commands.add_parser("floor", help="bare statements")
    least.add_argument("kind", choices=FLOORS)
    least.add_argument("--folder", type=Path, required=True, help="where a small database is made for it")
    least.add_argument("--items", type=int, default=12_000, help="in all (12000)")
    least.add_argument("--group", type=int, default=64, help="in one transaction (64)")
    older = commands.add_parser("grow", help="a database with a long past")
    older.add_argument("--past", type=Path, required=True, help="the database to copy the past of, at rest")
    older.add_argument("--database", type=Path, required=True, help="the one to make")
    older.add_argument("--copies", type=int, required=True, help="how many times the past is copied")
    given = parser.parse_args()
    if given.command == "claims":
        with closing(SqliteStore(given.database)) as store:
            messages = read_claims(given.claims, given.most)
            found = anyio.run(
                submit_all,
                store,
                messages,
                given.outstanding,
                given.reminded,
                backend_options={"use_uvloop": True},
            )
    elif given.command == "floor":
        with tempfile.TemporaryDirectory(dir=given.folder) as folder:
            found = floor(Path(folder) / "floor.db", given.kind, given.items, given.group)
    else:
        found = grow(given.past, given.database, given.copies)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
