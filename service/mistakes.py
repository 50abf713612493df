"""What is wrong with a file, a setting or a request, in words.

pydantic speaks to programmers; whoever fills in a form or a file should not need to know Python.
"""

from typing import get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from core.model import Id, Phone
from service.http.models import MessageId

_WHEN = "must be a date and time with an offset, such as 2036-03-03T08:00:00-05:00"
_NUMBER = "must be a number"
_WHOLE = "must be a whole number"
_YES_OR_NO = "must be true or false"
_SAID = {
    "bool_parsing": _YES_OR_NO,
    "bool_type": _YES_OR_NO,
    "datetime_from_date_parsing": _WHEN,
    "datetime_parsing": _WHEN,
    "datetime_type": _WHEN,
    "dict_type": "must be an object",
    "extra_forbidden": "is not known here; leave it out",
    "finite_number": _NUMBER,
    "float_parsing": _NUMBER,
    "float_type": _NUMBER,
    "greater_than": "must be more than {gt:.12g}",
    "greater_than_equal": "must be at least {ge:.12g}",
    "int_from_float": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": _WHOLE,
    "int_type": _WHOLE,
    "json_invalid": "this is not JSON: {error}",
    "less_than_equal": "must be at most {le:.12g}",
    "literal_error": "must be {expected}",
    "missing": "is missing",
    "model_type": "must be an object",
    "string_too_long": "must have at most {max_length} characters",
    "string_too_short": "must not be empty",
    "string_type": "must be a string",
    "timezone_aware": _WHEN,
    "too_long": "must have at most {max_length} entries",
    "too_short": "must have at least {min_length} entry",
    "tuple_type": "must be a list",
    "value_error": "{error}",
}
_PATTERNS = {
    get_args(Id)[1].pattern: "must have no spaces, slashes, colons or control characters",
    get_args(Phone)[1].pattern: "must be + and 5 to 15 digits",
    get_args(MessageId)[1].pattern: "must have no control characters",
}
# A field's name may be as long as a body.
_LONGEST_PLACE = 200
_NOTHING = "EOF while parsing a value at line 1 column 0"


def explain(error: ValidationError) -> str:
    """The first mistake in a sentence: where it is and what is wrong with it."""
    first, *others = error.errors(include_url=False, include_input=False)
    # A list with a wrong entry is reported once more, as too short.
    others = [other for other in others if other["loc"] != first["loc"][: len(other["loc"])]]
    place = ""
    for part in first["loc"]:
        place += f"[{part}]" if isinstance(part, int) else f".{part}" if place else part
    place = place if len(place) <= _LONGEST_PLACE else f"{place[:_LONGEST_PLACE]}..."
    more = f" (and {len(others)} more)" if others else ""
    return f"{place}: {_said(first)}{more}" if place else f"{_said(first)}{more}"


def _said(mistake: ErrorDetails) -> str:
    context = mistake.get("ctx", {})
    if context.get("error") == _NOTHING:
        return "the body is empty; give a JSON object"
    if context.get("pattern") in _PATTERNS:
        return _PATTERNS[context["pattern"]]
    if mistake["type"] in _SAID:
        return _SAID[mistake["type"]].format(**context)
    return "is not what belongs here"
