"""One run of a Locust script, in each of its processes: seeding, the barrier, the history, the end.

Locust's master (or its only process) seeds the service, opens the barrier when all users have arrived, and
ends the run when all have finished. Each process that has users records a history. When its users have
stopped, it posts again every message whose outcome is unknown, and closes the history.
"""

import argparse
import logging
import os
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import gevent
from gevent.event import Event
from locust import events
from locust.env import Environment
from locust.exception import StopUser
from locust.runners import MasterRunner, WorkerRunner

from loadtests.cast import Cast
from loadtests.check.history import Begin, Recorder, Request
from loadtests.client import SeedingFailed, ask, seed, session_to

log = logging.getLogger("fanout")

END = -1  # the stage at which users arrive when they have finished
STALL_S = 90.0  # how long no user may arrive anywhere before the run is given up
PROGRESS_EVERY_S = 5.0
LEAD_MS = 20  # for the message to reach every process before the barrier opens
SILENCES = 3  # unanswered requests for each user, in a row, before the service counts as gone
UNANSWERED = 3  # the same for settling
INCONCLUSIVE = 2


def positive(text: str) -> int:
    """A whole number of at least 1, for `argparse`."""
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return int(text)


def clock_id() -> str:
    """Identifies the monotonic clock: it belongs to one boot of one machine."""
    with suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return os.uname().nodename


class Run:
    """`plan` gets Locust's options and the least size of a crew. It returns the cast, and how many of its
    shifts are fanned out at the beginning.

    `patience_s`: the longest time from one arrival at the barrier to the next.
    """

    def __init__(self, scenario: str, plan: Callable[[argparse.Namespace, int], tuple[Cast, int]]) -> None:
        self.scenario = scenario
        self._plan = plan
        self.cast: Cast
        self.name = ""  # of the run, so that messages of an earlier one are ignored
        self.users = 0
        self.finished = 0
        self.patience_s = STALL_S
        self._workers = 1
        self._recorder: Recorder | None = None
        self._unsettled: dict[str, tuple[Request, str]] = {}
        self._open: dict[int, Event] = {}
        self._opens_ns: dict[int, int] = {}
        self._stopping = self._aborted = False
        self._silence = 0
        self._arriving: Counter[int] = Counter()
        self._arrived: Counter[int] = Counter()
        self._asked = 0
        self._progress = Event()
        self._watcher: gevent.Greenlet[[], None] | None = None
        self._progress_s = time.monotonic()
        self.environment: Environment
        events.init.add_listener(self._on_init)
        events.test_start.add_listener(self._on_start)
        events.test_stopping.add_listener(self._on_stopping)
        events.test_stop.add_listener(self._on_stop)
        events.user_error.add_listener(self._on_user_error)

    # --- messages between processes; a single process sends them to itself ------------------------

    def _on_init(self, environment: Environment, **_: object) -> None:
        self.environment = environment
        runner = environment.runner
        assert runner is not None
        if not isinstance(runner, WorkerRunner):
            runner.register_message("fanout_arrived", self._on_arrived)
            runner.register_message("fanout_failed", self._on_failed)
        if not isinstance(runner, MasterRunner):
            runner.register_message("fanout_begin", self._on_begin)
            runner.register_message("fanout_open", self._on_open)

    def _send(self, name: str, **data: Any) -> None:
        assert self.environment.runner is not None
        self.environment.runner.send_message(name, {**data, "run": self.name})

    # --- the process in charge ------------------------------------------------------------------

    def _on_start(self, environment: Environment, **_: object) -> None:
        runner = environment.runner
        if isinstance(runner, WorkerRunner):
            return  # it begins when the master says so
        assert runner is not None
        self._end_watch()
        environment.process_exit_code = None
        self._asked, self._arrived, self._aborted = runner.target_user_count, Counter(), False
        self._workers = getattr(runner, "worker_count", 1)
        members = -(-self._asked // self._workers) * self._workers
        assert environment.parsed_options is not None
        try:
            cast, fanned_out = self._plan(environment.parsed_options, members)
            if not environment.host:
                raise SeedingFailed("give the address of the service: --host http://127.0.0.1:8000")
            seed(environment.host, cast, fanned_out)
        except (SeedingFailed, ValueError) as error:
            self._abort(str(error))
            return
        except Exception:
            self._abort("the run could not start")
            raise
        self.name = cast.run
        began_at = datetime.now(UTC).isoformat(timespec="seconds")
        self._send(
            "fanout_begin", cast=list(cast), asked=self._asked, workers=self._workers, began_at=began_at,
            history=environment.parsed_options.history,
        )  # fmt: skip
        self._watcher = gevent.spawn(self._watch)

    def _on_failed(self, environment: Environment, msg: Any, **_: object) -> None:
        if msg.data["run"] == self.name:
            self._abort(msg.data["why"])

    def _end_watch(self) -> None:
        if self._watcher is not None and self._watcher is not gevent.getcurrent():
            self._watcher.kill()
        self._watcher = None

    def _abort(self, sentence: str) -> None:
        if self._aborted:
            return
        self._aborted = True
        log.error(sentence)
        self.environment.process_exit_code = INCONCLUSIVE
        gevent.spawn(self._leave)

    def _leave(self) -> None:
        """Ends the run, and Locust too unless its web page is open."""
        runner = self.environment.runner
        assert runner is not None
        if self.environment.web_ui is None:
            runner.quit()
        else:
            runner.stop()

    def _watch(self) -> None:
        while self._arrived[END] < self._asked:
            self._progress.clear()
            if not self._progress.wait(self.patience_s):
                self._abort(f"no user has made progress for {self.patience_s:.0f} s; the run is given up")
                return
        self._leave()

    def _on_arrived(self, environment: Environment, msg: Any, **_: object) -> None:
        stage, users = msg.data["stage"], msg.data["users"]
        if msg.data["run"] != self.name:
            return
        if self._arrived[stage] < self._asked:  # else it is open already: a late arrival is no progress
            self._progress.set()
        self._arrived[stage] += users
        if self._arrived[stage] == self._asked and stage != END:
            lead_ms = LEAD_MS if self._workers > 1 else 1
            opens_ns = time.monotonic_ns() + lead_ms * 1_000_000
            self._send("fanout_open", stage=stage, opens_ns=opens_ns)

    # --- the processes that have users ----------------------------------------------------------

    def _on_begin(self, environment: Environment, msg: Any, **_: object) -> None:
        data = msg.data
        self.cast = Cast(*data["cast"])
        self.name = self.cast.run
        self._asked, self._workers = data["asked"], data["workers"]
        self.users = self.finished = 0
        self._stopping = False
        self._silence = 0
        self._open, self._opens_ns, self._unsettled = {}, {}, {}
        folder = Path(data["history"])
        begin = Begin(self.cast.run, self.scenario, os.getpid(), clock_id(), self._asked, data["began_at"])
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / f"{self.scenario}-{self.cast.run}-{os.getpid()}.jsonl"
            self._recorder = Recorder(path, begin)
        except OSError as error:
            self._give_up_recording(error)

    def _give_up_recording(self, error: OSError) -> None:
        """The history cannot be written. It never gets its end, so the checker refuses it."""
        self._recorder = None
        why = f"the history cannot be written: {error.strerror or error}; free space or give --history"
        self._send("fanout_failed", why=why)

    def join(self) -> int:
        """A number for a new user: unique among all processes, and less than `cast.claimants`."""
        number = self.users * self._workers + int(getattr(self.environment.runner, "worker_index", 0))
        self.users += 1
        return number

    def meet(self, stage: int) -> int:
        """Waits until all users have arrived at `stage`. Returns when it opened, in `monotonic_ns`."""
        if self._recorder is None or self._stopping:  # not begun, not recorded, or ending
            raise StopUser
        opened = self._open.setdefault(stage, Event())
        self._arrive(stage)
        opened.wait()
        if self._stopping:
            raise StopUser
        return self._opens_ns[stage]

    def log_progress(self, sentence: str) -> None:
        """Logs a sentence now and then, not every time."""
        if time.monotonic() > self._progress_s + PROGRESS_EVERY_S:
            self._progress_s = time.monotonic()
            log.info(sentence)

    def finish(self) -> None:
        """Ends a user that has completed its part."""
        self.finished += 1
        self._arrive(END)
        raise StopUser

    def _arrive(self, stage: int) -> None:
        """Reports to the process in charge, once for all arrivals of the same moment."""
        self._arriving[stage] += 1
        if self._arriving[stage] == 1:
            gevent.spawn(self._report, stage)

    def _report(self, stage: int) -> None:
        self._send("fanout_arrived", stage=stage, users=self._arriving.pop(stage))

    def _on_open(self, environment: Environment, msg: Any, **_: object) -> None:
        if msg.data["run"] == self.name:
            gevent.spawn(self._let_go, msg.data["stage"], msg.data["opens_ns"])

    def _let_go(self, stage: int, opens_ns: int) -> None:
        gevent.sleep(max(0, opens_ns - time.monotonic_ns()) / 1e9)
        self._opens_ns[stage] = opens_ns
        self._open.setdefault(stage, Event()).set()

    def record(self, request: Request, body: str) -> None:
        """Records a request. Its `body` is posted again at the end if its outcome is unknown."""
        if request.outcome == "unknown" and request.message is not None:
            self._unsettled[request.message] = request, body
        self._silence = self._silence + 1 if request.outcome == "unknown" else 0
        if self._silence == SILENCES * self.users:
            self._send("fanout_failed", why="the service no longer answers; the run is given up")
        if self._recorder is not None:
            try:
                self._recorder.write(request)
            except OSError as error:
                self._give_up_recording(error)

    def _on_stopping(self, **_: object) -> None:
        self._stopping = True
        for opened in self._open.values():
            opened.set()

    def _on_user_error(self, exception: BaseException, **_: object) -> None:
        self._send("fanout_failed", why=f"a user failed because of a bug in the script: {exception!r}")

    def _on_stop(self, environment: Environment, **_: object) -> None:
        self._end_watch()
        if self._recorder is None:
            return
        self._settle(environment)
        recorder, self._recorder = self._recorder, None
        if recorder is not None:
            try:
                recorder.close(self.users, self.finished == self.users)
            except OSError as error:
                self._give_up_recording(error)
            else:
                log.info(f"history in {recorder.path}")

    def _settle(self, environment: Environment) -> None:
        """Posts unanswered messages again, which is harmless, and reads who holds their shifts now."""
        session = session_to(str(environment.host), environment)
        unsettled = list(self._unsettled.values())
        if unsettled:
            log.info(f"posting {len(unsettled):,} unanswered messages again")
        unanswered = 0
        for request, body in unsettled:
            if unanswered == UNANSWERED:
                log.error(f"{len(unsettled):,} messages were not answered, and the service is gone")
                return
            settled = ask(
                session, self.record, request.action, request.shift, "/messages/inbound", body,
                process=-1, caregiver=request.caregiver, message=request.message,
            )  # fmt: skip
            unanswered = unanswered + 1 if settled.outcome == "unknown" else 0
        for shift_id in dict.fromkeys(request.shift for request, _ in unsettled):
            ask(session, self.record, "read", shift_id, f"/shifts/{shift_id}", process=-1)
