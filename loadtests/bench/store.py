"""What the service can do without HTTP, what bare SQL can do, and databases with a long past.

    uv run python -m loadtests.bench.store claims --database prepared.db --claims claims.txt
    uv run python -m loadtests.bench.store floor claim --folder .
    uv run python -m loadtests.bench.store grow --past old.db --database new.db --copies 99

The benchmarks run these in processes of their own; each prints one line of JSON. `claims` sends messages to
the real ledger, desk and store. `floor` measures the least that durable work of a kind must write: two or
three bare statements on small tables, in group commits with the store's own pragmas. `grow` copies
everything that ever happened in a database, each copy under new ids and earlier.
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
from service.language.door import inbound
from service.runtime import Service
from service.server import GC_THRESHOLD
from service.stores.sqlite.store import CHECKPOINT_PAGES, SqliteStore

# --- claims without HTTP -----------------------------------------------------------------------


def read_claims(path: Path, most: int) -> list[Inbound]:
    """The first commands of a file with one message body per line."""
    with path.open() as lines:
        bodies = [json.loads(line) for line, _ in zip(lines, range(most), strict=False)]
    return [inbound(body["from"], body["body"], body["shift_id"], body["message_id"]) for body in bodies]


async def submit_all(
    store: SqliteStore, claims: Sequence[Inbound], outstanding: int, restarted: int
) -> dict[str, float]:
    """Claims per second, and the latency of one, with `outstanding` claims at any time.

    First the fanouts of the first `restarted` shifts are started again, which changes nothing: in production
    the process that handles the claims has started these fanouts itself and remembers them.
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
            for shift_id in list(dict.fromkeys(claim.shift_id for claim in claims))[:restarted]:
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
TEXT = "about as long as the data of an event, or as the words of a text message; " * 2


def floor(path: Path, kind: str, items: int, group: int) -> dict[str, float]:
    """Items per second, and the latency of a commit, with `group` items in each transaction."""
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

DAY_MS = 86_400_000
COPY_MS = 2 * DAY_MS  # each copy is this much earlier than the one before
AGES_MS = 30 * 365 * DAY_MS  # and its shifts are this much earlier still, so that they are over
INBOX_COPIES = 14 * DAY_MS // COPY_MS  # answers to messages are kept for two weeks at most

# The tables that record what happened. Caregivers and policies are not copied.
TABLES = ("shifts", "fanouts", "rounds", "offers", "events", "outbox", "attention", "inbox")
# What becomes of a value in the n-th copy. The copies of an id differ in their first eight digits: the factor
# is odd.
NEW_ID = "printf('%08x', (n * 2654435761) & 4294967295) || substr({0}, 9)"
SHIFT, SEQ = "{0} + n * :shifts", "{0} + n * :events"
EARLIER = f"{{0}} - n * {COPY_MS}"
BY_COLUMN = {
    "shift": SHIFT, "seq": SEQ, "last_seq": SEQ, "previous": SEQ, "shift_id": NEW_ID,
    "confirms": "iif({0} IS NULL, NULL, (SELECT json_group_array(value + n * :events) FROM json_each({0})))",
}  # fmt: skip
BY_TABLE_AND_COLUMN = {
    ("shifts", "number"): SHIFT,
    ("shifts", "id"): NEW_ID,
    ("fanouts", "start_ms"): f"{EARLIER} - {AGES_MS}",
    ("fanouts", "end_ms"): f"{EARLIER} - {AGES_MS}",
    ("offers", "until_ms"): f"{EARLIER} - {AGES_MS}",
    # A phone, and the id of a message.
    ("inbox", "key"): "substr({0}, 1, instr({0}, '/')) || "
    + NEW_ID.format("substr({0}, instr({0}, '/') + 1)"),
    # The key of an offer begins with the id of its shift.
    ("outbox", "key"): f"iif(purpose = 'offer', {NEW_ID}, {{0}} || '/' || n)",
}


def copied(table: str, column: str) -> str:
    """The expression for a column of the n-th copy. Columns that need no change are copied as they are."""
    if column == "number" and table != "shifts":  # the primary key, to which nothing refers
        return f"number + n * (SELECT max(number) FROM past.{table})"
    default = EARLIER if column.endswith("_ms") else "{0}"
    return BY_TABLE_AND_COLUMN.get((table, column), BY_COLUMN.get(column, default)).format(column)


def grow(past: Path, database: Path, copies: int) -> dict[str, float]:
    """Makes `database` from `past` and copies of everything that happened there. Returns its row counts."""
    shutil.copyfile(past, database)
    with closing(sqlite3.connect(database, isolation_level=None)) as writer:
        run = writer.execute
        run("PRAGMA journal_mode = OFF")
        run("PRAGMA synchronous = OFF")
        run("PRAGMA cache_size = -1000000")
        run("ATTACH ? AS past", (str(past),))
        parameters = {}
        (parameters["shifts"],) = run("SELECT max(number) FROM past.shifts").fetchone()
        (parameters["events"],) = run("SELECT max(seq) FROM past.events").fetchone()
        for table in TABLES:
            parameters["copies"] = min(copies, INBOX_COPIES) if table == "inbox" else copies
            columns = [row[1] for row in run(f"PRAGMA past.table_info({table})")]
            values = ", ".join(copied(table, column) for column in columns)
            run(
                f"""WITH RECURSIVE copy (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copy WHERE n < :copies)
                INSERT INTO main.{table} ({", ".join(columns)}) SELECT {values}
                FROM copy CROSS JOIN past.{table} WHERE :copies > 0""",
                parameters,
            )
        rows = {table: run(f"SELECT count(*) FROM main.{table}").fetchone()[0] for table in TABLES}
        run("PRAGMA journal_mode = WAL")
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m loadtests.bench.store", description=(__doc__ or "").partition("\n")[0]
    )
    commands = parser.add_subparsers(dest="command", required=True)
    claims = commands.add_parser("claims", help="claims through ledger, desk and store")
    claims.add_argument("--database", type=Path, required=True, help="with the fanouts already started")
    claims.add_argument("--claims", type=Path, required=True, help="message bodies, one per line")
    claims.add_argument("--most", type=int, default=12_000, help="how many of them to send (12000)")
    claims.add_argument("--outstanding", type=int, default=64, help="claims in flight at any time (64)")
    claims.add_argument("--restarted", type=int, default=0, help="fanouts to start again first (0)")
    floors = commands.add_parser("floor", help="bare SQL statements")
    floors.add_argument("kind", choices=FLOORS)
    floors.add_argument("--folder", type=Path, required=True, help="where to make a small database")
    floors.add_argument("--items", type=int, default=12_000, help="in total (12000)")
    floors.add_argument("--group", type=int, default=64, help="in one transaction (64)")
    growing = commands.add_parser("grow", help="make a database with a long past")
    growing.add_argument("--past", type=Path, required=True, help="the database to copy from; not in use")
    growing.add_argument("--database", type=Path, required=True, help="the database to make")
    growing.add_argument("--copies", type=int, required=True, help="how many copies of the past to add")
    options = parser.parse_args()
    if options.command == "claims":
        with closing(SqliteStore(options.database)) as store:
            found = anyio.run(
                submit_all,
                store,
                read_claims(options.claims, options.most),
                options.outstanding,
                options.restarted,
                backend_options={"use_uvloop": True},
            )
    elif options.command == "floor":
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            found = floor(Path(folder) / "floor.db", options.kind, options.items, options.group)
    else:
        found = grow(options.past, options.database, options.copies)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
