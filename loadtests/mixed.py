"""Everything at once: claims, give-backs, repeated messages, coordinators.

    locust -f loadtests/mixed.py --host http://127.0.0.1:8000 --users 20 --spawn-rate 20 --headless

Every user is one caregiver. Again and again it picks one of a few shifts at random and does one of these:
accepts, declines (which gives the shift back if the user holds it), writes something that is not an answer,
posts an earlier message again, twice at the same time, or, like a coordinator, starts the fanout, takes the
shift back or reads it. The history is written to the folder `--history`; judge it with `fanout check`.
"""

import argparse
import time
from random import Random

import gevent
from locust import events, task
from locust.argument_parser import LocustArgumentParser

from loadtests.cast import Cast
from loadtests.run import STALL_S, Run, positive
from loadtests.user import ServiceUser

PER_SECOND = 20  # actions of one user
WEIGHTS = {"accept": 40, "decline": 14, "say": 4, "repeat": 10, "release": 5, "read": 20, "fanout": 7}


def _options(parser: LocustArgumentParser) -> None:
    parser.add_argument("--shifts", type=positive, default=10, help="How many shifts there are (10)")
    parser.add_argument(
        "--operations", type=positive, default=200, help="How many actions each user takes (200)"
    )
    parser.add_argument("--seed", type=int, default=1, help="Seed for choosing the actions (1)")
    parser.add_argument("--history", default="history", help="Folder to write the history to (history)")


events.init_command_line_parser.add_listener(_options)


def _cast(options: argparse.Namespace, claimants: int) -> tuple[Cast, int]:
    """Half of the fanouts are left for the users to start."""
    run.patience_s = STALL_S + options.operations / PER_SECOND
    return Cast.new(options.shifts, claimants, crews=1), options.shifts // 2


run = Run("mixed", _cast)


class MixedUser(ServiceUser):
    current = run
    done = 0

    @task
    def act(self) -> None:
        options = self.environment.parsed_options
        if self.done == 0:
            self.random = Random(f"{options.seed}:{self.number}")
            self.began_ns = run.meet(0)
        intended_ns = self.began_ns + self.done * 1_000_000_000 // PER_SECOND
        gevent.sleep(max(0, intended_ns - time.monotonic_ns()) / 1e9)
        if self.number == 0:
            run.log_progress(f"action {self.done + 1:,} of {options.operations:,}")
        self.do(self.random.choices(list(WEIGHTS), list(WEIGHTS.values()))[0], intended_ns)
        self.done += 1
        if self.done == options.operations:
            run.finish()

    def do(self, what: str, intended_ns: int) -> None:
        shift = self.random.randrange(run.cast.shifts)
        match what:
            case "accept":
                self.message("claim", shift, self.random.choice(("YES", "yes!", "1")), intended_ns)
            case "decline":
                self.message("decline", shift, self.random.choice(("NO", "2")), intended_ns)
            case "say":
                self.message("say", shift, "what is the address?", intended_ns)
            case "repeat" if self.messages:
                which = self.random.randrange(len(self.messages))
                gevent.joinall([gevent.spawn(self.post_message, which, intended_ns) for _ in range(2)])
            case "release":
                self.command("release", shift, intended_ns)
            case "fanout":
                self.command("fanout", shift, intended_ns)
            case _:
                self.read(shift, intended_ns)
