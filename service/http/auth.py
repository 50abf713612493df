"""The bearer keys."""

import secrets
from collections.abc import Collection, Sequence

from starlette.types import ASGIApp, Receive, Scope, Send

from service.http.problems import WANTS_KEY, problem


class Guard:
    """Asks for a bearer key on every path but those that are `open` to all."""

    def __init__(self, app: ASGIApp, keys: Sequence[str], open: Collection[str]) -> None:
        self._app = app
        self._keys = [key.encode() for key in keys]
        self._open = open

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] not in self._open and not self._allows(scope):
            refusal = problem(401, WANTS_KEY, {"WWW-Authenticate": "Bearer"})
            await refusal(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _allows(self, scope: Scope) -> bool:
        given = dict(scope["headers"]).get(b"authorization", b"")
        scheme, _, token = given.partition(b" ")
        fits = [secrets.compare_digest(token.strip(), key) for key in self._keys]
        return scheme.lower() == b"bearer" and any(fits)
