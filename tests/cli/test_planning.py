"""What a planner types: simulate, tune and calibrate, and what they say when they cannot."""

import csv
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cli.main import cli
from core.invariants import violations
from sim.scenario import load, presets
from tests.cli.process import ROOT, entries, fanout, invoke, sentence

KEYS = {
    "shifts", "fill_rate", "p_unfilled", "p_escalated", "mean_fill_s", "median_fill_s", "p90_fill_s",
    "filled_within", "mean_texts", "mean_calls", "mean_cost",
}  # fmt: skip
PNG = b"\x89PNG\r\n"
QUICK = ("--delays", "5m,14m,15m", "--precision", "5%")


def told(done: subprocess.CompletedProcess[str]) -> Any:
    """The JSON that a command printed."""
    assert done.returncode == 0, done
    assert done.stderr == "", done
    return json.loads(done.stdout)


def refused(*command: str, part: str, cwd: Path) -> None:
    """The command, in this process, ends with code 2 and a sentence that says this."""
    done = invoke(*command, cwd=cwd)
    assert (done.returncode, done.stdout) == (2, ""), done
    assert done.stderr.splitlines()[-1].startswith("Error: ")
    assert part in done.stderr


# --- simulate ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["simpy", "numpy"])
@pytest.mark.parametrize("preset", presets())
def test_every_preset_is_simulated_by_both_engines(preset: str, engine: str) -> None:
    ask = ("simulate", "--scenario", preset, "--engine", engine, "--shifts", "120", "--jobs", "1", "--json")
    done = CliRunner().invoke(cli, ask)
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert found.keys() >= KEYS
    assert 60 <= found["shifts"] <= 240  # of an agency as many days as bring about so many
    for name in KEYS - {"shifts", "filled_within"}:
        assert found[name].keys() == {"value", "low", "high"}
    assert found["filled_within"].keys() == {"5m", "10m", "15m", "30m"}


def test_the_engines_say_the_same_of_independent_shifts(tmp_path: Path) -> None:
    ask = ("simulate", "--scenario", "textbook", "--shifts", "300", "--seed", "4", "--json")
    simpy, numpy = (fanout(*ask, "--engine", engine, cwd=tmp_path) for engine in ("simpy", "numpy"))
    assert told(simpy) == told(numpy)


def test_a_person_gets_a_table(tmp_path: Path) -> None:
    done = fanout(
        "simulate", "--scenario", "textbook", "--shifts", "200", "--delay", "90s", "--jobs", "1", cwd=tmp_path
    )
    assert (done.returncode, done.stderr) == (0, ""), done
    assert "Calls after 90 s" in done.stdout
    assert "filled within 15 min" in done.stdout
    assert (
        "200 shifts by SimPy through the core; it stopped because that is what was asked for." in done.stdout
    )


def test_a_field_that_is_set_changes_the_outcome(tmp_path: Path) -> None:
    def calls(*settings: str) -> float:
        found = told(
            fanout("simulate", "--engine", "numpy", "--shifts", "500", "--json", *settings, cwd=tmp_path)
        )
        value: float = found["mean_calls"]["value"]
        return value

    assert calls("--set", "sms.reply_probability=1", "--set", "sms.accept_probability=1") < calls() / 5


def test_a_shift_can_be_told_again_alone(tmp_path: Path) -> None:
    for scenario, engine in (("textbook", "simpy"), ("small_roster", "simpy"), ("night", "numpy")):
        ask = ("simulate", "--scenario", scenario, "--engine", engine, "--replay", "1:4")
        story = fanout(*ask, cwd=tmp_path)
        assert story.returncode == 0, story
        assert "call-out: the shift is open" in story.stdout.splitlines()[0]
        lines = fanout(*ask, "--json", cwd=tmp_path)
        kinds = [json.loads(line)["kind"] for line in lines.stdout.splitlines()]
        assert kinds[0] == "fanout_started"


def test_the_shifts_of_a_short_run_can_be_told_again_too(tmp_path: Path) -> None:
    run = fanout("simulate", "--days", "2", "--journal", "run.jsonl", "--json", "--jobs", "1", cwd=tmp_path)
    told(run)
    first = json.loads((tmp_path / "run.jsonl").read_text().partition("\n")[0])
    again = fanout("simulate", "--replay", "0:0", "--json", cwd=tmp_path)
    assert json.loads(again.stdout.partition("\n")[0]) == first


@pytest.mark.parametrize("name", ["[/red] ours", "[bold]"])
def test_names_are_only_names(name: str) -> None:
    ask = ("simulate", "--engine", "numpy", "--shifts", "10", "--set", f"description={name}")
    done = CliRunner().invoke(cli, ask)
    assert done.exit_code == 0, done.output
    assert name in done.stdout


def test_a_run_leaves_a_journal_that_can_be_checked_and_calibrated(tmp_path: Path) -> None:
    for scenario in ("default", "textbook"):
        done = fanout(
            "simulate", "--scenario", scenario, "--days", "7", "--journal", "run.jsonl", "--jobs", "1",
            "--json", cwd=tmp_path,
        )  # fmt: skip
        told(done)
        assert violations(entries((tmp_path / "run.jsonl").read_text())) == []
        found = told(fanout("calibrate", "run.jsonl", "--json", cwd=tmp_path))
        truth = load(scenario).voice.answer_probability
        answered = found["parameters"]["all"]["voice.answer_probability"]
        assert answered["low"] <= truth <= answered["high"]


@pytest.mark.parametrize(
    ("flags", "part"),
    [
        (("--scenario", "busy"), "there is no preset busy: give one of default, night"),
        (("--scenario", "none.toml"), "cannot read none.toml: No such file"),
        (("--set", "sms.reply_probability=2"), "sms.reply_probability: must be at most 1"),
        (("--set", "sms.replies=2"), "sms: replies is not a field; there are reply_probability"),
        (("--set", "roles=[]"), "roles: must have at least 1 entry"),
        (("--delay", "10"), "'10' is not a duration: write 90s, 10m or 1.5h"),
        (("--delay", "8000h"), "at most seven days"),
        (("--shifts", "5", "--days", "5"), "give --shifts or --days, not both"),
        (("--replay", "x"), "'x' is not a shift: write WEEK:SHIFT"),
        (("--replay", "0:99999"), "week 0 has shifts 0 to "),
        (("--set", "call_outs.per_day=0.0001", "--replay", "0:0"), "week 0 has no shifts"),
        (("--replay", "0:0", "--journal", "run.jsonl"), "--replay shows a single shift: leave out"),
        (("--replay", "0:0", "--shifts", "9"), "--replay shows a single shift: leave out"),
        (("--replay", "0:0", "--days", "9"), "--replay shows a single shift: leave out"),
        (("--engine", "numpy", "--replay", "0:99999"), "a block has shifts 0 to "),
        (("--shifts", "50", "--journal", "no/folder.jsonl"), "cannot write no/folder.jsonl"),
    ],
)
def test_simulate_says_what_is_wrong(flags: tuple[str, ...], part: str, tmp_path: Path) -> None:
    refused("simulate", *flags, part=part, cwd=tmp_path)


# --- tune -------------------------------------------------------------------------------------------


def test_tune_recommends_with_its_evidence(tmp_path: Path) -> None:
    (tmp_path / "policies.json").write_text(
        json.dumps(
            {
                "waves of five": {
                    "rounds": [
                        {"after_s": 0, "channel": "sms", "limit": 5},
                        {"after_s": 180, "channel": "sms"},
                        {"after_s": 600, "channel": "voice"},
                    ]
                }
            }
        )
    )
    flags = ("--scenario", "small_roster", "--policies", "policies.json", "--out", "found", *QUICK)
    done = fanout("tune", *flags, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, ""), done
    said = " ".join(done.stdout.split())
    assert (
        "Recommended: phone after 14 min, the cheapest delay that meets filled_within(15m)>=95% of best"
        in said
    )
    assert "15 min instead: -" in said
    assert "SimPy" in said
    assert "waves of five instead of 14 min: " in said
    report = json.loads((tmp_path / "found" / "tune.json").read_text())
    assert report["recommended_s"] == 840
    assert [row["delay_s"] for row in report["delays"]] == [300, 840, 900]
    assert report["simpy"]["verdict"] in ("agrees", "uncertain")
    assert report["simpy"]["policies"][0]["name"] == "waves of five"
    with (tmp_path / "found" / "curves.csv").open() as file:
        assert [row["delay_s"] for row in csv.DictReader(file)] == ["300", "840", "900"]
    for picture in ("curves.png", "pareto.png"):
        assert (tmp_path / "found" / picture).read_bytes().startswith(PNG)


def test_a_target_that_no_delay_meets_ends_with_3_and_the_best(tmp_path: Path) -> None:
    done = fanout(
        "tune", "--scenario", "textbook", "--target", "filled_within(5m)>=99.9%", *QUICK, cwd=tmp_path
    )
    sentence(done, "no delay surely meets filled_within(5m)>=99.9%: the best is ", code=3)


@pytest.mark.parametrize(
    ("flags", "part"),
    [
        (("--target", "soon"), "'soon' is not a target: write filled_within(15m)>=70%"),
        (("--delays", "10m:5m:1m"), "out of order"),
        (("--delays", "10m,5m"), "out of order"),
        (("--delays", "1m:2m"), "is not a range"),
        (("--delays", "1s:168h:1s"), "give at most 1,000"),
        (("--precision", "0%"), "is not a precision"),
        (("--policies", "none.json"), "cannot read none.json"),
        (("--scenario", "busy"), "there is no preset busy"),
        (("--out", "file/below"), "cannot write into file/below"),
    ],
)
def test_tune_says_what_is_wrong(flags: tuple[str, ...], part: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    refused("tune", *flags, part=part, cwd=tmp_path)


def test_policies_that_cannot_be_are_refused(tmp_path: Path) -> None:
    for text, part in (
        ('{"early": {"rounds": [{"after_s": -1, "channel": "sms"}]}}', "early.rounds[0].after_s: must be at"),
        ('{"none": {"rounds": []}}', "none.rounds: must have at least 1 entry"),
        ('{"back": {"rounds": [{"after_s": 9, "channel": "sms"}, {"after_s": 0, "channel": "sms"}]}}',
         "back: rounds must be in order of after_s"),
        ("[]", "must be an object"),
        ("waves", "this is not JSON"),
    ):  # fmt: skip
        (tmp_path / "bad.json").write_text(text)
        refused("tune", "--policies", "bad.json", part=f"bad.json: {part}", cwd=tmp_path)


# --- calibrate --------------------------------------------------------------------------------------


def test_the_journal_of_the_demo_is_calibrated(tmp_path: Path) -> None:
    assert fanout("demo", "--speed", "0", "--journal", "demo.jsonl", cwd=tmp_path).returncode == 0
    done = fanout("calibrate", "demo.jsonl", "--out", "ours.toml", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, ""), done
    assert (tmp_path / "ours.png").read_bytes().startswith(PNG)
    shifts = told(
        fanout("simulate", "--scenario", "ours.toml", "--days", "7", "--jobs", "1", "--json", cwd=tmp_path)
    )["shifts"]
    assert shifts > 0


def test_a_line_that_was_cut_off_is_named(tmp_path: Path) -> None:
    lines = (ROOT / "tests" / "data" / "journal_0.1.jsonl").read_text().splitlines(keepends=True)
    (tmp_path / "cut.jsonl").write_text("".join(lines[:60]) + lines[60][:40])
    sentence(invoke("calibrate", "cut.jsonl", cwd=tmp_path), "cut.jsonl: line 61 is cut off")


def test_calibrate_says_what_is_wrong(tmp_path: Path) -> None:
    sentence(fanout("calibrate", "none.jsonl", cwd=tmp_path), "cannot read none.jsonl")
    (tmp_path / "empty.jsonl").touch()
    sentence(invoke("calibrate", "empty.jsonl", cwd=tmp_path), "empty")


# --- what a command loads ---------------------------------------------------------------------------


def test_words_for_a_mistake_need_no_web_framework() -> None:
    heavy = {"starlette", "service.ledger", "sim"}
    code = f"import sys, service.mistakes; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


# --- tune, where little happens or is shown ---------------------------------------------------------


def test_an_agency_without_call_outs_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.tuning.BLOCKS_A_PIECE", 1)
    monkeypatch.setattr("sim.tuning.MOST_CONFIRMING", 3)
    ask = ("tune", "--set", "call_outs.per_day=0.0001", "--jobs", "1", *QUICK)
    refused(*ask, part="raise call_outs.per_day", cwd=tmp_path)


def test_the_bar_counts_every_run_of_tune_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also those of other policies, which follow those of the delays."""
    monkeypatch.setattr("sim.tuning.BLOCKS_A_PIECE", 1)
    monkeypatch.setattr("sim.tuning.CONFIRMING_SHIFTS", 50)
    bars: dict[str, list[int]] = {}

    @contextmanager
    def bar(what: str, total: int | None) -> Iterator[Callable[[int], None]]:
        yield bars.setdefault(f"{what} of {total}", []).append

    monkeypatch.setattr("cli.tune.progress_bar", bar)
    (tmp_path / "policies.json").write_text('{"texts": {"rounds": [{"after_s": 0, "channel": "sms"}]}}')
    done = invoke("tune", "--policies", "policies.json", "--jobs", "1", *QUICK, cwd=tmp_path)
    assert done.returncode == 0, done
    screened, again = bars.items()
    assert sum(screened[1]) == json.loads((tmp_path / "tune" / "tune.json").read_text())["shifts"]
    assert f"again in SimPy, runs of {sum(again[1])}" == again[0]
