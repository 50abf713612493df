"""Requests that are made from the API's own description, right and wrong, and whether the answers fit it."""

import subprocess
import sys
from pathlib import Path

from service.http.operations import OPERATIONS
from tests.cli.process import PATIENCE_S, Serve

SCHEMATHESIS = Path(sys.executable).parent / "schemathesis"
EXAMPLES, SEED = 40, 1
KEY = "a-long-key"


def test_every_answer_to_generated_requests_is_as_described(tmp_path: Path) -> None:
    """Over a socket, as clients ask. /events never ends, and the description itself is left out. What no
    schema can say (that a path names the id of its body) is refused, which is no fault.
    """
    with Serve(tmp_path / "fanout.db", env={"FANOUT_API_KEYS": f'["{KEY}"]'}) as serve:
        done = subprocess.run(
            [
                SCHEMATHESIS, "run", f"{serve.listening()}/openapi.json", "--no-color",
                "-H", f"Authorization: Bearer {KEY}", "--exclude-path", "/events",
                "--exclude-checks", "positive_data_acceptance",
                "--max-examples", str(EXAMPLES), "--seed", str(SEED), "--generation-database", "none",
            ],
            cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=2 * PATIENCE_S,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        assert f"Tested: {len(OPERATIONS) - 2}" in done.stdout
        assert serve.errors() == []
