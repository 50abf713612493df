"""What the service refuses to start with, and in which words."""

import pytest
from pydantic import ValidationError

from service.mistakes import explain
from service.settings import Settings


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("port", "abc", "port: must be a whole number"),
        ("port", "1.5", "port: must be a whole number"),
        ("port", "1" * 5_000, "port: must be a whole number"),
        ("port", "-1", "port: must be at least 0"),
        ("sms_per_second", "fast", "sms_per_second: must be a number"),
        ("sms_per_second", "inf", "sms_per_second: must be a number"),
        ("calls_per_second", "1e7", "calls_per_second: must be at most 1000000"),
        ("api_keys", "secret", "api_keys: must be a list"),
        ("database", 7, "database: is not what belongs here"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_in_plain_words(name: str, value: object, sentence: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Settings.model_validate({name: value})
    assert explain(refused.value) == sentence
