"""Starts and stops the servers under test."""

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


class Failed(SystemExit):
    """Ends the program with one sentence."""


def fail(sentence: str) -> NoReturn:
    raise Failed(f"{Path(sys.argv[0]).stem}: {sentence}")


def run(command: list[str]) -> str:
    """What the command prints. Ends the program if the command fails."""
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        fail(f"{' '.join(command)} exited with {done.returncode}: {(done.stderr or done.stdout)[-2000:]}")
    return done.stdout


@dataclass(frozen=True)
class Running:
    """A server under test. `pid` is that of the server: `taskset` replaces itself with it."""

    url: str
    pid: int


@contextmanager
def serving(
    command: list[str],
    folder: Path,
    core: int | None = None,
    settings: dict[str, str] | None = None,
    out: Path = Path(os.devnull),
) -> Iterator[Running]:
    """Runs `command --port P`, on one core if given, until the block ends; then stops it with SIGTERM.

    The block begins when the server is ready. The server has its default settings apart from `settings`:
    it does not inherit `FANOUT_...` variables. `out` takes its output: what the console carrier sends.
    """
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("FANOUT_")}
    log = folder / "server.log"
    with log.open("w") as stderr, out.open("w") as stdout:
        process = subprocess.Popen(
            [*pinned(core), *command, "--port", str(port)],
            cwd=HERE.parent,
            env=inherited | (settings or {}),
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,  # so that Ctrl-C does not reach it before the SIGTERM below
        )
    try:
        url = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + START_TIMEOUT_S
        for path, good in (("/health", {200}), ("/ready", {200, 404})):
            while not answers(url + path, good):
                if process.poll() is not None or time.monotonic() > deadline:
                    fail(f"{' '.join(command)} did not become ready. Its log:\n{log.read_text()[-2000:]}")
                time.sleep(0.05)
        yield Running(url, process.pid)
    except (RuntimeError, OSError, EOFError, httpx2.TransportError) as error:
        fail(f"{' '.join(command)}: {error!r}. Its log:\n{log.read_text()[-2000:]}")
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            fail(f"{' '.join(command)} did not stop within 30 s of SIGTERM, so it was killed")
        finally:
            process.kill()  # has no effect if it has stopped
            process.wait()


def pinned(core: int | None) -> list[str]:
    return [] if core is None else ["taskset", "-c", str(core)]


def service(database: Path) -> list[str]:
    return [FANOUT, "serve", "--host", "127.0.0.1", "--database", str(database), "--carrier", "console"]


def peer(*options: str) -> list[str]:
    return [sys.executable, "-m", "loadtests.peers.fastapi_lock", *options]


def answers(url: str, good: set[int]) -> bool:
    try:
        return httpx2.get(url, timeout=5).status_code in good
    except httpx2.TransportError:
        return False
