"""Structured logs: one JSON object a line on standard error, phone numbers masked."""

import logging
import re
import sys
from typing import TextIO

import structlog
from structlog.typing import EventDict, WrappedLogger

_PHONE = re.compile(r"\+[0-9]{5,15}")


def masked(text: str) -> str:
    """`text` with all but the last four digits of each phone number hidden."""
    return _PHONE.sub(lambda m: "*" * (len(m[0]) - 4) + m[0][-4:], text)


def _mask_all(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    return {key: masked(value) if isinstance(value, str) else value for key, value in event.items()}


def configure(level: str, out: TextIO | None = None) -> None:
    """Sends the service's and the server's logs of at least `level` to `out` (standard error)."""
    stream = out or sys.stderr
    number = logging.getLevelNamesMapping()[level.upper()]
    processors: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _mask_all,
    ]
    structlog.configure(
        processors=[*processors, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=processors,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    logging.basicConfig(level=number, handlers=[handler], force=True)
