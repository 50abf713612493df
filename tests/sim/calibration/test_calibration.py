"""Calibration finds again the people who wrote a journal, and says so when it cannot."""

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from cli.main import cli
from core.events import (
    CallAnswered,
    CallUnanswered,
    Cancelled,
    Claimed,
    Entry,
    Event,
    Expired,
    FanoutStarted,
    OffersMade,
    Replied,
    SendStarted,
)
from core.model import DEFAULT_POLICY, Channel
from core.sends import offer_key
from sim.calibration.fit import (
    ANSWER,
    CALL_YES,
    MEDIAN,
    PARAMETERS,
    REPLY,
    RING,
    TEXT_YES,
    Calibration,
    CalibrationError,
    calibrate,
)
from sim.calibration.observations import observe
from sim.engines import agency
from sim.scenario import Scenario, delay_policy, load
from tests.cli.process import fanout

DELAY_MS, DAY_MS, NEVER = 600_000, 86_400_000, 2**62

# --- journals from people who are known -----------------------------------------------------------


def journal_of(scenario: Scenario, shifts: int, seed: int, role: str = "RN") -> list[Entry]:
    """What independent shifts of `scenario` would write: texts at once, calls after ten minutes.

    Like the service, it goes on after a shift is filled: losers reply in vain, and phones ring to the end.
    """
    rng = np.random.default_rng(seed)
    sms, voice = scenario.sms, scenario.voice
    shape = (shifts, scenario.roles[0].caregivers)
    latency_ms = 1000 * sms.latency_median_s * np.exp(sms.latency_sigma * rng.standard_normal(shape))
    reply_ms = np.where(rng.random(shape) < sms.reply_probability, np.rint(latency_ms), NEVER).astype(
        np.int64
    )
    accepts_text, answers, accepts_call = (
        rng.random(shape) < share
        for share in (sms.accept_probability, voice.answer_probability, voice.accept_probability)
    )
    entries: list[Entry] = []
    for k in range(shifts):
        people = (reply_ms[k], accepts_text[k], answers[k], accepts_call[k])
        shift_id = f"{role}-{k}"
        for version, event in enumerate(_shift(shift_id, role, k * DAY_MS, scenario, *people), start=1):
            entries.append(Entry(len(entries) + 1, shift_id, version, event))
    return entries


def _shift(
    shift_id: str,
    role: str,
    start_ms: int,
    scenario: Scenario,
    reply_ms: np.ndarray,
    accepts_text: np.ndarray,
    answers: np.ndarray,
    accepts_call: np.ndarray,
) -> list[Event]:
    end_ms, picked_up_ms = DAY_MS // 2, DELAY_MS + scenario.ring_ms
    by_phone = answers & (reply_ms > picked_up_ms)
    spoken_ms = np.where(by_phone, picked_up_ms, reply_ms)
    accepts = np.where(by_phone, accepts_call, accepts_text)
    filled_ms = int(spoken_ms[accepts].min(initial=NEVER))
    deeds: list[tuple[int, Event]] = []

    def send(at_ms: int, person: int, channel: Channel) -> None:
        number = int(channel == "voice")
        key = offer_key(shift_id, 1, number, channel, f"{role}{person}")
        begun = SendStarted(start_ms + at_ms, key, f"{role}{person}", channel, 1, "offer", 1, number)
        deeds.append((at_ms, begun))

    for person in range(len(reply_ms)):
        send(0, person, "sms")
        if filled_ms > DELAY_MS and reply_ms[person] > DELAY_MS:
            send(DELAY_MS, person, "voice")
            at_ms = picked_up_ms if by_phone[person] else DELAY_MS + scenario.ring_timeout_ms
            kind = CallAnswered if by_phone[person] else CallUnanswered
            key = f"{shift_id}:1:1:voice:{role}{person}"
            deeds.append((at_ms, kind(start_ms + at_ms, key, f"{role}{person}")))
        if spoken_ms[person] < end_ms and not (by_phone[person] and filled_ms <= DELAY_MS):
            at_ms, intent = int(spoken_ms[person]), "accept" if accepts[person] else "decline"
            deeds.append((at_ms, Replied(start_ms + at_ms, f"{role}{person}", intent, "declined")))
            if (
                accepts[person]
                and at_ms == filled_ms
                and not any(isinstance(event, Claimed) for _, event in deeds)
            ):
                deeds.append((at_ms, Claimed(start_ms + at_ms, f"{role}{person}")))
    if filled_ms >= end_ms:
        deeds.append((end_ms, Expired(start_ms + end_ms)))
    everyone = tuple(f"{role}{person}" for person in range(len(reply_ms)))
    return [
        FanoutStarted(start_ms, role, start_ms + end_ms // 2, start_ms + end_ms, DEFAULT_POLICY),
        OffersMade(start_ms, 0, "sms", everyone),
        *(event for _, event in sorted(deeds, key=lambda deed: deed[0])),
    ]


TEXTBOOK = load("textbook")
FEW_ACCEPT = load("textbook", ["sms.accept_probability=0.09", "voice.accept_probability=0.12"])


def truth(scenario: Scenario, name: str) -> float:
    part, _, field = name.partition(".")
    return float(getattr(getattr(scenario, part), field))


@pytest.fixture(scope="module")
def journals() -> dict[str, list[Entry]]:
    return {
        "textbook": journal_of(TEXTBOOK, 2000, seed=1),
        "few accept": journal_of(FEW_ACCEPT, 1000, seed=2),
    }


@pytest.fixture(scope="module")
def fits(journals: dict[str, list[Entry]]) -> dict[str, Calibration]:
    return {name: calibrate(journal) for name, journal in journals.items()}


def until_filled(journal: Iterable[Entry]) -> list[Entry]:
    """The journal of a world that looks away as soon as a shift is filled."""
    kept, filled = [], set()
    for entry in journal:
        if entry.shift_id not in filled:
            kept.append(entry)
        if isinstance(entry.event, Claimed):
            filled.add(entry.shift_id)
    return kept


def renumbered(*journals: Iterable[Entry]) -> list[Entry]:
    entries = [entry for journal in journals for entry in journal]
    return [Entry(n, e.shift_id, e.version, e.event) for n, e in enumerate(entries, start=1)]


# --- what they were is found again -----------------------------------------------------------------

WORLDS = {"textbook": TEXTBOOK, "few accept": FEW_ACCEPT}


@pytest.mark.parametrize("name", PARAMETERS)
@pytest.mark.parametrize("world", WORLDS)
def test_the_intervals_cover_the_truth_and_the_values_are_near_it(world, name, fits):
    found, true = fits[world].everyone.fitted[name].estimate, truth(WORLDS[world], name)
    assert found.low <= true <= found.high
    assert found.value == pytest.approx(true, rel=0.08)


@pytest.mark.parametrize("world", WORLDS)
def test_a_journal_that_ends_with_the_fill_says_the_same(world, journals):
    """All phones ring at once, and the first yes ends the story before the others are known not to answer."""
    found = calibrate(until_filled(journals[world])).everyone.fitted
    for name in PARAMETERS:
        low, high = found[name].estimate[1:]
        assert low <= truth(WORLDS[world], name) <= high, name


def test_the_replies_seen_are_far_too_quick(journals, fits):
    """Why a mixture cure model: a shift that fills hides the slow replies, so their median is no estimate."""
    naive = np.median([text.watched_s for text in observe(journals["textbook"]).texts if text.replied])
    assert naive == pytest.approx(80, abs=5)
    assert fits["textbook"].everyone.fitted[MEDIAN].estimate.low > 2.5 * naive


def test_the_share_of_texts_with_a_reply_is_far_too_low(journals, fits):
    texts = observe(journals["textbook"]).texts
    assert np.mean([text.replied for text in texts]) < 0.1
    assert fits["textbook"].everyone.fitted[REPLY].estimate.low > 0.3


def test_counting_only_calls_with_an_outcome_would_find_too_many_answered(journals):
    """The trap in a journal that ends with the fill: it takes longest to know that nobody answers."""
    calls = observe(until_filled(journals["textbook"])).calls
    told = [call.answered for call in calls if call.answered is not None]
    assert np.mean(told) > 0.8 > 2 * TEXTBOOK.voice.answer_probability


# --- what it says ----------------------------------------------------------------------------------


def test_the_scenario_holds_the_fit_and_everybody_who_was_asked(fits):
    found = fits["textbook"].scenario
    assert [(role.name, role.caregivers, role.share) for role in found.roles] == [("RN", 20, 1.0)]
    for name in PARAMETERS:
        assert truth(found, name) == pytest.approx(
            fits["textbook"].everyone.fitted[name].estimate.value, rel=1e-3
        )
    assert found.prices == Scenario().prices


def test_roles_share_the_scenario_and_a_clear_difference_is_said():
    journal = renumbered(journal_of(TEXTBOOK, 150, 3, "CNA"), journal_of(FEW_ACCEPT, 50, 4, "LPN"))
    found = calibrate(journal)
    assert [(role.name, role.share) for role in found.scenario.roles] == [("CNA", 0.75), ("LPN", 0.25)]
    assert [group.name for group in found.roles] == ["CNA", "LPN"]
    differences = [note for note in found.notes if "differs clearly" in note]
    assert [note.split()[0] for note in differences] == [TEXT_YES, CALL_YES]
    assert "for LPN and" in differences[0]


def test_where_little_was_seen_the_default_stays_and_is_said():
    found = calibrate(journal_of(TEXTBOOK, 5, seed=5))
    assert found.everyone.fitted[REPLY].estimate is None
    assert found.scenario.sms.reply_probability == Scenario().sms.reply_probability
    assert any(f"{REPLY} = 0.33" in note and "20 are needed" in note for note in found.notes)
    assert any(ANSWER in note for note in found.notes)


def test_texts_that_were_watched_too_briefly_say_nothing_about_the_late():
    """After a minute nobody can tell whether the rest are slow or silent."""
    journal = [
        Entry(n, e.shift_id, e.version, e.event)
        for n, e in enumerate(journal_of(TEXTBOOK, 60, seed=6), start=1)
        if e.event.at_ms % DAY_MS <= 60_000
    ]
    cut = [
        Entry(n, f"RN-{k}", 99, Cancelled(k * DAY_MS + 60_000))
        for k, n in enumerate(range(10**6, 10**6 + 60))
    ]
    found = calibrate([*journal, *cut])
    assert found.everyone.fitted[MEDIAN].n >= 20
    assert found.everyone.fitted[MEDIAN].estimate is None
    assert any("reply late from people who never do" in note for note in found.notes)


def test_a_journal_in_which_nobody_was_asked_is_refused():
    with pytest.raises(CalibrationError, match="no text or call that offers a shift"):
        calibrate([Entry(1, "s", 1, FanoutStarted(0, "RN", 1, 2, DEFAULT_POLICY))])


def test_more_people_in_a_role_than_a_scenario_allows_are_refused():
    journal = journal_of(TEXTBOOK, 2, seed=11)
    crowd = tuple(f"RN{person}" for person in range(1_001))
    journal.append(Entry(len(journal) + 1, "RN-1", 99, OffersMade(DAY_MS, 0, "sms", crowd)))
    with pytest.raises(CalibrationError, match=r"1,001 people .* role RN, .* at most 1,000; use"):
        calibrate(journal)


def test_calls_that_were_answered_at_once_leave_the_ring_at_its_default():
    """A test system may pick up in the same millisecond; a phone that rings for 0 s is no scenario."""
    at_once = answered_at_once(journal_of(TEXTBOOK, 20, seed=12))
    found = calibrate(at_once)
    assert found.everyone.fitted[RING].n >= 10
    assert found.scenario.voice.ring_s == Scenario().voice.ring_s
    assert any("voice.ring_s = 20 (all calls were answered in the millisecond" in n for n in found.notes)


def answered_at_once(journal: Iterable[Entry]) -> list[Entry]:
    """The journal as if each call had been answered as soon as it began."""
    begun = {e.event.key: e.event.at_ms for e in journal if isinstance(e.event, SendStarted)}
    return [
        replace(e, event=replace(e.event, at_ms=begun[e.event.key]))
        if isinstance(e.event, CallAnswered)
        else e
        for e in journal
    ]


# --- the command -----------------------------------------------------------------------------------


NO_OFFER = f"{Entry(1, None, None, Replied(0, 'anna', 'help', 'help')).line()}\n"


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(cli, ["calibrate", *map(str, args)])


def test_it_fits_what_the_demo_writes(tmp_path):
    assert fanout("demo", "--speed", "0", "--journal", "demo.jsonl", cwd=tmp_path).returncode == 0
    out = tmp_path / "fitted.toml"
    done = run(tmp_path / "demo.jsonl", "--out", out)
    assert (done.exit_code, done.stderr) == (0, "")
    assert "Too little data, so the default is kept" in done.stdout
    assert [(role.name, role.caregivers) for role in load(str(out)).roles] == [
        ("CNA", 18),
        ("LPN", 14),
        ("RN", 12),
    ]
    assert out.with_suffix(".png").read_bytes().startswith(b"\x89PNG")


def test_json_says_all_that_the_table_says(tmp_path):
    path, plot = tmp_path / "journal.jsonl", tmp_path / "elsewhere.png"
    path.write_text("".join(f"{entry.line()}\n" for entry in journal_of(TEXTBOOK, 100, seed=7)))
    said = json.loads(run(path, "--json", "--plot", plot).stdout)
    assert set(said["parameters"]["RN"]) == set(PARAMETERS)
    assert said["parameters"]["all"][REPLY]["n"] == 2000
    assert said["parameters"]["all"][REPLY]["low"] < 0.35 < said["parameters"]["all"][REPLY]["high"]
    assert Scenario.model_validate_json(json.dumps(said["scenario"])).sms.reply_probability
    assert plot.exists()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["elsewhere.png", "journal.jsonl"]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (None, "No such file"),
        ("", "the journal is empty"),
        ("hello\n", "line 1 is not a journal entry"),
        (NO_OFFER, "no text or call that offers a shift"),
    ],
)
def test_what_cannot_be_fitted_is_refused_in_a_sentence(text, part, tmp_path):
    path = tmp_path / "journal.jsonl"
    if text is not None:
        path.write_text(text)
    done = run(path, "--out", tmp_path / "fitted.toml")
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert str(path) in done.stderr
    assert part in done.stderr
    assert not (tmp_path / "fitted.toml").exists()


@pytest.mark.parametrize("flag", ["--out", "--plot"])
def test_a_place_that_cannot_be_written_is_named(flag, tmp_path):
    path = tmp_path / "journal.jsonl"
    path.write_text("".join(f"{entry.line()}\n" for entry in journal_of(TEXTBOOK, 1, seed=8)))
    done = run(path, flag, tmp_path / "nowhere" / "file")
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "nowhere" in done.stderr


def test_call_outs_are_those_of_the_journal() -> None:
    truth = load("default", ["call_outs.per_day=40", "call_outs.lead_s=20000", "call_outs.shift_s=21600"])
    lived = agency.simulate(truth, delay_policy(600_000), seed=3, replication=0, days=21, journal=True)
    found = calibrate(lived.entries).scenario.call_outs
    assert found.per_day == pytest.approx(40, rel=0.1)
    assert (found.lead_s, found.shift_s) == (20_000, 21_600)
    assert max(range(24), key=lambda hour: found.by_hour[hour]) in (5, 6, 7)  # the early morning


def test_too_few_call_outs_leave_their_number_at_the_default_and_say_so() -> None:
    truth = load("default")
    lived = agency.simulate(truth, delay_policy(600_000), seed=3, replication=0, days=2, journal=True)
    found = calibrate(lived.entries)
    assert found.scenario.call_outs.per_day == truth.call_outs.per_day
    assert any("call_outs.per_day, call_outs.by_hour" in note for note in found.notes)


def test_shifts_that_are_years_away_leave_the_lead_at_its_default_and_say_so() -> None:
    """Those of the sample data are, when a service of today fans them out."""
    far = load("default", ["call_outs.lead_s=2500000"])
    lived = agency.simulate(far, delay_policy(600_000), seed=3, replication=0, days=2, journal=True)
    entries = [
        replace(
            entry,
            event=replace(
                entry.event, start_ms=entry.event.start_ms + 10**11, end_ms=entry.event.end_ms + 10**11
            ),
        )
        if isinstance(entry.event, FanoutStarted)
        else entry
        for entry in lived.entries
    ]
    found = calibrate(entries)
    assert found.scenario.call_outs.lead_s == load("default").call_outs.lead_s
    assert any(note.startswith("call_outs.lead_s keeps its default") for note in found.notes)
