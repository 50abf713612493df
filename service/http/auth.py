"""Who is served: those with a key or, without keys, this machine; and no web page of another site."""

import ipaddress
import secrets
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

from starlette.responses import Response
from starlette.types import Scope

from service.http.problems import ELSEWHERE, FOREIGN, ONE_HOST, WANTS_JSON, WANTS_KEY, problem

# `curl -d` says that it sends a form. So does a foreign page's form, but its browser also sends Origin.
_FORM = b"application/x-www-form-urlencoded"
_SAME = (b"same-origin", b"none")


class Guard:
    """Looks at the head of a request, before anything else does.

    With keys it asks for one on every path but those that are `open` to all. Without keys it takes only the
    Host names of this machine: a foreign page can make its own name lead here, but it cannot change the
    name that the browser sends.
    """

    def __init__(self, keys: Sequence[str], open: Collection[str]) -> None:
        self._keys = [key.encode() for key in keys]
        self._open = open

    def refusal(self, scope: Scope) -> Response | None:
        """The answer to who is not served."""
        given: list[tuple[bytes, bytes]] = scope["headers"]
        headers = dict(given)
        host = headers.get(b"host")
        if host is None or (len(headers) < len(given) and [name for name, _ in given].count(b"host") > 1):
            return problem(400, ONE_HOST)
        if not self._keys and not _on_this_machine(host):
            return problem(421, ELSEWHERE)
        if (b"origin" in headers or b"sec-fetch-site" in headers) and _foreign(scope, headers):
            return problem(403, FOREIGN)
        if self._keys and scope["path"] not in self._open and not self._allows(headers):
            return problem(401, WANTS_KEY, {"WWW-Authenticate": "Bearer"})
        media_type = headers.get(b"content-type")
        if media_type is not None and not _taken(media_type) and announces_body(headers):
            return problem(415, WANTS_JSON)
        return None

    def _allows(self, headers: Mapping[bytes, bytes]) -> bool:
        scheme, _, token = headers.get(b"authorization", b"").partition(b" ")
        fits = [secrets.compare_digest(token.strip(), key) for key in self._keys]
        return scheme.lower() == b"bearer" and any(fits)


def loopback(name: str) -> bool:
    """Whether a host name or address is this machine's own."""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def announces_body(headers: Mapping[bytes, bytes]) -> bool:
    """Whether the head says that a body follows."""
    return b"transfer-encoding" in headers or bool(headers.get(b"content-length", b"").strip(b"0"))


@lru_cache(maxsize=64)
def _on_this_machine(host: bytes) -> bool:
    text = host.decode("latin-1").lower()
    name, _, port = text.removeprefix("[").partition("]") if text.startswith("[") else text.partition(":")
    port = port.removeprefix(":")
    return loopback(name) and (not port or (port.isascii() and port.isdigit()))


@lru_cache(maxsize=64)
def _taken(media_type: bytes) -> bool:
    kind = media_type.partition(b";")[0].strip().lower()
    return kind in (b"application/json", _FORM) or (
        kind.startswith(b"application/") and kind.endswith(b"+json")
    )


def _foreign(scope: Mapping[str, Any], headers: Mapping[bytes, bytes]) -> bool:
    """Whether a page of another site asks. Who only follows a link to /docs is welcome."""
    origin = headers.get(b"origin")
    if origin is not None and origin.partition(b"://")[2] != headers[b"host"]:
        return True
    if headers.get(b"sec-fetch-site", b"none") in _SAME:
        return False
    follows = scope["method"] == "GET" and headers.get(b"sec-fetch-mode") == b"navigate"
    return not (follows and scope["path"] == "/docs")
