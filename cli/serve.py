"""`fanout serve`: what the command line adds to `service.server`."""

import socket
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path

from cli.errors import UserError
from cli.files import load_into, open_store
from core.ports import StoreError
from service import logs, server
from service.settings import Settings


def run(settings: Settings, file: Path | None) -> None:
    """Serves until it is told to stop. Raises `UserError` if it cannot start."""
    logs.configure(settings.log_level)
    with closing(listen(settings.host, settings.port, asks_for_key=bool(settings.api_keys))) as sock:
        if file is not None:
            # In a process of its own: what a large file takes of memory would never be given back.
            with ProcessPoolExecutor(1, get_context("spawn")) as child:
                child.submit(load_into, settings.database, file).result()
        with closing(open_store(settings.database)) as store:
            lost = False
            try:
                server.serve(settings, store, sock)
            except* StoreError:
                lost = True
    if lost:  # the log says why; whoever watches the process starts it again
        raise SystemExit(1)


def listen(host: str, port: int, *, asks_for_key: bool = False) -> socket.socket:
    """`service.server.listen`. Raises `UserError`."""
    try:
        return server.listen(host, port, asks_for_key=asks_for_key)
    except server.CannotListen as error:
        raise UserError(str(error)) from None
