"""A scenario says what is wrong with it in one sentence."""

import json
import tomllib
from pathlib import Path

import pytest

from cli.errors import UserError
from cli.simulate import read_scenario
from service.settings import Settings
from sim.scenario import Scenario, load, presets


def refused(name: str, *settings: str) -> str:
    with pytest.raises(UserError) as caught:
        read_scenario(name, settings)
    sentence = caught.value.message
    assert "\n" not in sentence
    return sentence


def test_there_are_presets_and_each_can_be_read_again_from_what_it_writes(tmp_path: Path) -> None:
    assert presets() == ["default", "night", "saved_number", "small_roster", "textbook"]
    for name in presets():
        scenario = load(name)
        (tmp_path / "written.toml").write_text(scenario.toml())
        assert load(str(tmp_path / "written.toml")) == scenario
        (tmp_path / "written.json").write_text(scenario.model_dump_json())
        assert load(str(tmp_path / "written.json")) == scenario


def test_the_default_preset_is_what_the_fields_default_to() -> None:
    assert load("default") == Scenario()


def test_only_shifts_without_send_rates_and_shared_people_are_independent() -> None:
    assert load("textbook").independent
    assert not load("default").independent
    assert load("default").made_independent().independent


def test_any_field_can_be_set() -> None:
    scenario = load(
        "textbook",
        ["sms.reply_probability=0.3", "shared_caregivers=true", "description=Ours", "voice.ring_s=9"],
    )
    assert scenario.sms.reply_probability == 0.3
    assert scenario.shared_caregivers
    assert scenario.description == "Ours"
    assert scenario.voice.ring_s == 9
    assert load("default", ['roles=[{name = "RN", caregivers = 3}]']).roles[0].caregivers == 3


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (["sms.reply_probability=1.2"], "sms.reply_probability: must be at most 1"),
        (["sms.reply_probability=-0.1"], "sms.reply_probability: must be at least 0"),
        (["sms.reply_probability=nan"], "sms.reply_probability: must be a number"),
        (["roles=[]"], "roles: must have at least 1 entry"),
        (['roles=[{name="RN", caregivers=0}]'], "roles[0].caregivers: must be at least 1"),
        (
            ['roles=[{name="RN", caregivers=1, size=2}]'],
            "roles[0]: size is not a field; there are name, caregivers, share",
        ),
        (["sms.reply_probability=often"], "sms.reply_probability: must be a number"),
        (['roles=[{name="RN", caregivers=1.5}]'], "roles[0].caregivers: must be a whole number"),
        (['roles=[{name="RN", caregivers=5, share=0}]'], "roles[0].share: must be more than 0"),
        (["sms.latency_median_s=1e9"], "sms.latency_median_s: must be at most 2592000"),
        (["shared_caregivers=perhaps"], "shared_caregivers: must be true or false"),
        (["roles=RN"], "roles: must be a list"),
        (
            ["pace.texts_per_second=1e-310"],
            "pace.texts_per_second: must be 0, which is no limit, or at least",
        ),
        (["pace.calls_per_second=-1"], "pace.calls_per_second: must be at least 0"),
        (["sms=3"], "sms: must be an object"),
        (["voice.ring_timeout_s=5"], "ring_timeout_s must be at least ring_s"),
        (["call_outs.by_hour=[1,2]"], "by_hour must have 24 weights"),
        (["sms.repply=1"], "sms: repply is not a field; there are reply_probability"),
        (["smss.x=1"], "smss is not a field; there are description, roles, call_outs"),
        (
            ["shared_caregivers=false"],
            "without shared_caregivers the send rates must be unlimited",
        ),
        (["sms"], "'sms' is not a setting: write field=value"),
        (["description.x=1"], "'description.x=1': the fields of description cannot be set one by one"),
    ],
)
def test_what_cannot_be_is_refused(settings: list[str], sentence: str) -> None:
    assert sentence in refused("default", *settings)


def test_an_unknown_preset_is_told_the_known_ones() -> None:
    assert refused("busy") == (
        "there is no preset busy: give one of default, night, saved_number, small_roster, textbook, "
        "or a TOML or JSON file"
    )


def test_files_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    assert "No such file" in refused(str(tmp_path / "none.toml"))
    (tmp_path / "bad.toml").write_text("= 1")
    assert "is not a TOML file" in refused(str(tmp_path / "bad.toml"))
    (tmp_path / "bad.json").write_text("[1]")
    assert "must hold an object" in refused(str(tmp_path / "bad.json"))
    (tmp_path / "deep.json").write_text("[" * 100_000)
    assert "is not a JSON file" in refused(str(tmp_path / "deep.json"))
    (tmp_path / "bytes.json").write_bytes(b"\xff")
    assert "is not a JSON file" in refused(str(tmp_path / "bytes.json"))


def test_what_is_written_is_plain_toml() -> None:
    written = tomllib.loads(load("night").toml())
    assert json.loads(load("night").model_dump_json()) == written


@pytest.mark.parametrize("rate", [0.001, 0.3, 1, 1.5, 3, 7, 1000, 1001, 1e6])
def test_the_simulation_paces_sends_as_the_service_does(rate: float) -> None:
    pace = load("default", [f"pace.texts_per_second={rate}", f"pace.calls_per_second={rate}"])
    assert pace.limits == Settings(sms_per_second=rate, calls_per_second=rate).limits
