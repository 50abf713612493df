"""The core behind HTTP, on a durable store, with real timers and carriers."""

import sys

# structlog would load rich to color tracebacks: 4 MB and a tenth of a second, for a service that logs JSON.
if "rich" not in sys.modules:
    sys.modules["rich"] = None  # type: ignore[assignment]
    try:
        import structlog  # noqa: F401
    finally:
        del sys.modules["rich"]
