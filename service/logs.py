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


_JSON = structlog.processors.JSONRenderer()


def _line(logger: WrappedLogger, method: str, event: EventDict) -> str:
    """Masks what has been rendered, so that no nested value is forgotten."""
    return masked(str(_JSON(logger, method, event)))


def configure(level: str, out: TextIO | None = None) -> None:
    """Sends the service's and the server's logs of at least `level` to `out` (standard error)."""
    stream = out or sys.stderr
    number = logging.getLevelNamesMapping()[level.upper()]
    processors: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*processors, _line],
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
                _line,
            ],
        )
    )
    logging.basicConfig(level=number, handlers=[handler], force=True)
