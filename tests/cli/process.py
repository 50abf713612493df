"""The real command: in processes of its own or, where only its words matter, in this one."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import chdir
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from click.testing import CliRunner

from cli.main import cli
from core.events import Entry, entry_from

FANOUT = Path(sys.executable).parent / "fanout"
ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "sample_data.json"
# Far more than anything takes, even on a machine that is busy with something else.
PATIENCE_S = 60
UNLIMITED = {"FANOUT_SMS_PER_SECOND": "1000000", "FANOUT_CALLS_PER_SECOND": "1000000"}
"""The environment of a service that sends all at once."""


def environment(variables: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's environment, with only those FANOUT_ variables that are given."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("FANOUT_")}
    return {**plain, "COLUMNS": "100", **(variables or {})}


def fanout(
    *args: str | Path, cwd: Path, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs `fanout` to its end."""
    return subprocess.run(
        [FANOUT, *args],
        cwd=cwd,
        env=environment(env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )


def invoke(
    *args: str | Path, cwd: Path, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """The same in this process, which takes a tenth of the time.

    Only for what neither serves nor tells a story: those set up the logs of the whole process.
    """
    others: dict[str, str | None] = {name: None for name in os.environ if name.startswith("FANOUT_")}
    variables = {**others, **environment(env)}
    with chdir(cwd):
        done = CliRunner().invoke(cli, [str(arg) for arg in args], env=variables, prog_name="fanout")
    return subprocess.CompletedProcess([FANOUT, *args], done.exit_code, done.stdout, done.stderr)


def sentence(done: subprocess.CompletedProcess[str], *parts: str, code: int = 2) -> None:
    """It ended with this code, printed nothing, and said one line that names these parts."""
    assert (done.returncode, done.stdout) == (code, ""), done
    assert done.stderr.startswith("Error: "), done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    for part in parts:
        assert part in done.stderr, done.stderr


def entries(exported: str) -> list[Entry]:
    """The lines of an exported journal."""
    found = []
    for line in exported.splitlines():
        fields = json.loads(line)
        fields["data"] = json.dumps(fields["data"])
        found.append(entry_from(**fields))
    return found


class Serve:
    """A `fanout serve` on a free port of 127.0.0.1. Its log is read as it comes, so it never blocks.

    `out` takes what the console carrier sends. Leaving the block kills the process if it still runs.
    """

    def __init__(
        self,
        database: Path,
        *flags: str | Path,
        env: Mapping[str, str] | None = None,
        out: IO[bytes] | int = subprocess.DEVNULL,
        command: Sequence[str | Path] = (FANOUT,),
    ) -> None:
        self.url = ""
        self.log: list[str] = []
        self._said = threading.Event()  # that it listens, or its last word
        self.process = subprocess.Popen(
            [*command, "serve", "--port", "0", "--database", database, *flags],
            cwd=database.parent,
            env=environment(env),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.log.append(line)
            if '"listening"' in line:
                self.url = json.loads(line)["url"]
                self._said.set()
        self._said.set()

    @property
    def port(self) -> int:
        return int(self.listening().rpartition(":")[2])

    def listening(self) -> str:
        """The URL, once the process listens there."""
        assert self._said.wait(PATIENCE_S), "it neither listens nor ends"
        assert self.url, f"it ended with {self.process.wait(PATIENCE_S)}: {''.join(self.log)}"
        return self.url

    def end(self, number: signal.Signals) -> int:
        """Sends a signal and waits for the end; the exit code."""
        self.process.send_signal(number)
        code = self.process.wait(PATIENCE_S)
        self._reader.join(PATIENCE_S)
        assert self.process.stderr is not None
        self.process.stderr.close()
        return code

    def errors(self) -> list[str]:
        """Lines of the log that somebody should look at: errors, and whatever is not JSON."""
        return [line for line in self.log if not line.startswith("{") or json.loads(line)["level"] == "error"]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.end(signal.SIGKILL)
