"""Many caregivers claim the same shift at the same moment, shift after shift.

    locust -f loadtests/race.py --host http://127.0.0.1:8000 --users 50 --spawn-rate 50 --headless

Every user is a different caregiver and claims every shift. A barrier holds all of them back until the last
one has arrived. Some users read who holds the shift as soon as their claim has been answered. The history is
written to the folder `--history`; judge it with `fanout check`. The script also works with `--processes`, and
without `--headless` on Locust's web page.
"""

import argparse

from locust import events, task
from locust.argument_parser import LocustArgumentParser

from loadtests.cast import Cast
from loadtests.run import Run, positive
from loadtests.user import ServiceUser

READERS = 5  # how many users read the shift after their claim


def _options(parser: LocustArgumentParser) -> None:
    parser.add_argument("--shifts", type=positive, default=100, help="How many shifts are raced for (100)")
    parser.add_argument("--history", default="history", help="Folder to write the history to (history)")


events.init_command_line_parser.add_listener(_options)


def _cast(options: argparse.Namespace, claimants: int) -> tuple[Cast, int]:
    return Cast.new(options.shifts, claimants), options.shifts


run = Run("race", _cast)


class Racer(ServiceUser):
    current = run
    shift = 0

    @task
    def claim_next(self) -> None:
        number = self.shift
        run.meet(2 * number)
        self.connect()  # servers close idle connections, and the slowest user may have taken long
        if self.number == 0:
            run.log_progress(f"shift {number + 1:,} of {run.cast.shifts:,}")
        opened_ns = run.meet(2 * number + 1)
        self.message("claim", number, "YES", opened_ns)
        if (number + self.number) % max(1, run.cast.claimants // READERS) == 0:
            self.read(number)
        self.shift += 1
        if self.shift == run.cast.shifts:
            run.finish()
