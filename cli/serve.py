"""`fanout serve`: what the command line adds to `service.server`."""

import ipaddress
import socket
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path

from cli.errors import UserError
from cli.files import load_into, open_store
from service import logs, server
from service.settings import Settings


def run(settings: Settings, file: Path | None) -> None:
    """Serves until it is told to stop. Raises `UserError` if it cannot start."""
    if not settings.api_keys and not _loopback(settings.host):
        raise UserError(
            f"without a key the service listens on loopback only, not on {settings.host}: "
            "set FANOUT_API_KEYS, or use --host 127.0.0.1"
        )
    logs.configure(settings.log_level)
    with closing(listen(settings.host, settings.port)) as sock:
        if file is not None:
            # In a process of its own: what a large file takes of memory would never be given back.
            with ProcessPoolExecutor(1, get_context("spawn")) as child:
                child.submit(load_into, settings.database, file).result()
        with closing(open_store(settings.database)) as store:
            server.serve(settings, store, sock)


def listen(host: str, port: int) -> socket.socket:
    """`service.server.listen`. Raises `UserError`."""
    try:
        return server.listen(host, port)
    except server.CannotListen as error:
        raise UserError(str(error)) from None


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
