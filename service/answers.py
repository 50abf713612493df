"""The answer to a message as JSON, as HTTP sends it and stores keep it."""

from dataclasses import replace

from pydantic import TypeAdapter

from core.commands import Answered, FanoutResult, InboundResult, Refused, Stored

_ADAPTER: TypeAdapter[InboundResult] = TypeAdapter(InboundResult)
_to_json = _ADAPTER.serializer.to_json  # `dump_json` without the arguments that nobody gives
_INSIDE = {"notices", "fingerprint"}


_COORDINATORS: TypeAdapter[Refused | Stored | FanoutResult] = TypeAdapter(Refused | Stored | FanoutResult)


def answer_json(result: InboundResult) -> bytes:
    """The answer as its sender gets it. The text of its notices is in `reply`."""
    return _to_json(result, exclude=_INSIDE)


def answer_from(text: str | bytes, fingerprint: int) -> InboundResult:
    """The answer that `answer_json` wrote, to the message with this fingerprint."""
    return replace(_ADAPTER.validate_json(text), fingerprint=fingerprint)


def once_json(answered: Answered) -> str:
    """What a coordinator's command came to, as stores keep it."""
    return _COORDINATORS.dump_json(answered[0]).decode()


def once_from(text: str | bytes, fingerprint: int) -> Answered:
    """What `once_json` wrote, of the request with this fingerprint."""
    return _COORDINATORS.validate_json(text), fingerprint
