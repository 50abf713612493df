from core.phrases import NO_CODES as RESERVED_CODES
