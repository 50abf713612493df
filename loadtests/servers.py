"""Starting and stopping the servers that a benchmark measures."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import httpx2

HERE = Path(__file__).parent
FANOUT = str(Path(sys.executable).with_name("fanout"))
START_TIMEOUT_S = 120.0


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def fail(sentence: str) -> NoReturn:
    raise SystemExit(f"{Path(sys.argv[0]).stem}: {sentence}")


def run(command: list[str]) -> str:
    """What the command printed; the end of everything if it failed."""
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        fail(f"{' '.join(command)} ended with {done.returncode}: {(done.stderr or done.stdout)[-2000:]}")
    return done.stdout


@dataclass(frozen=True)
class Running:
    """A server under test. `pid` is its own: `taskset` has become it."""

    url: str
    pid: int


@contextmanager
def serving(
    command: list[str], folder: Path, core: int, settings: dict[str, str] | None = None
) -> Iterator[Running]:
    """`command --port P`, ready, on one core; stopped by SIGTERM however the block ends.

    `FANOUT_...` variables of the caller do not reach it, so that it has its default settings apart from
    `settings`.
    """
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("FANOUT_")}
    log = folder / "server.log"
    with log.open("w") as stderr:
        process = subprocess.Popen(
            ["taskset", "-c", str(core), *command, "--port", str(port)],
            cwd=HERE.parent,
            env=inherited | (settings or {}),
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            start_new_session=True,  # Ctrl-C reaches it as the SIGTERM below
        )
    try:
        url = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + START_TIMEOUT_S
        for path, good in (("/health", {200}), ("/ready", {200, 404})):
            while not answers(url + path, good):
                if process.poll() is not None or time.monotonic() > deadline:
                    fail(f"{' '.join(command)} did not become ready; it said:\n{log.read_text()[-2000:]}")
                time.sleep(0.05)
        yield Running(url, process.pid)
    except (RuntimeError, OSError, EOFError, httpx2.TransportError) as error:
        fail(f"{' '.join(command)}: {error!r}; it said:\n{log.read_text()[-2000:]}")
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            fail(f"{' '.join(command)} did not stop within 30 s of SIGTERM and was killed")
        finally:
            process.kill()  # nothing happens if it has stopped
            process.wait()


def service(database: Path) -> list[str]:
    return [FANOUT, "serve", "--host", "127.0.0.1", "--database", str(database), "--carrier", "console"]


def answers(url: str, good: set[int]) -> bool:
    try:
        return httpx2.get(url, timeout=5).status_code in good
    except httpx2.TransportError:
        return False
