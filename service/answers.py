"""The answer to a message as JSON, as HTTP sends it and stores keep it."""

from pydantic import TypeAdapter

from core.commands import InboundResult

_ADAPTER: TypeAdapter[InboundResult] = TypeAdapter(InboundResult)
_to_json = _ADAPTER.serializer.to_json  # `dump_json` without the arguments that nobody gives
_NOTICES = {"notices"}


def answer_json(result: InboundResult) -> bytes:
    """The answer without its notices, whose text is in `reply`."""
    return _to_json(result, exclude=_NOTICES)


def answer_from(text: str | bytes) -> InboundResult:
    """The answer that `answer_json` wrote."""
    return _ADAPTER.validate_json(text)
