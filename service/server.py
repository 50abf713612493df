"""The service behind uvicorn: its socket, its signals, and how the process collects garbage."""

import gc
import os
import resource
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import anyio
import structlog
import uvicorn
from anyio.abc import TaskStatus

from service.carriers.console import ConsoleCarrier
from service.http.auth import loopback
from service.http.routes import build
from service.protocol import Protocol
from service.runtime import Service
from service.settings import MOST_CONNECTIONS, Settings
from service.stores.queries import ServiceStore

log = structlog.get_logger()

# A stop waits so long for requests, then so much longer for sends under way; a thread cannot be canceled.
GRACEFUL_S, LAST_SENDS_S = 5, 10
# As nginx does it. A request sent while an idle connection is being closed is lost without a word, and its
# sender does not know whether it has been done.
KEEP_ALIVE_S = 75
# A claim makes about a hundred objects and no cycles; looking for some every 700 costs several percent.
GC_THRESHOLD = (20_000, 20, 50)
# uvicorn's own default.
BACKLOG = 2048
# What the process opens besides connections: its database, a reader for each thread, pipes, libraries.
OTHER_FILES = 128


class CannotListen(Exception):
    """The address cannot or must not be listened on; the message says why and what to do."""


class Server(uvicorn.Server):
    """uvicorn without its own signal handling, which would end the process before the ledger has."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def serve(settings: Settings, store: ServiceStore, sock: socket.socket) -> None:
    """Serves on the socket until a signal ends it.

    Raises a group of errors if the service dies; one of the store's has been logged.
    """
    anyio.run(_serve, settings, store, sock, backend_options={"use_uvloop": True})


def config(app: object, most_connections: int = MOST_CONNECTIONS) -> uvicorn.Config:
    """How uvicorn runs our applications."""
    return uvicorn.Config(
        app,  # type: ignore[arg-type]
        loop="none",
        http=partial(Protocol, most_connections=most_connections),  # type: ignore[arg-type]
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=GRACEFUL_S,
        timeout_keep_alive=KEEP_ALIVE_S,
    )


def listen(host: str, port: int, *, asks_for_key: bool = False) -> socket.socket:
    """A socket that takes connections at the address, though nobody answers yet.

    Whoever asks for no key may serve this machine only. Raises `CannotListen`.
    """
    if not asks_for_key and not loopback(host):
        raise CannotListen(
            f"without a key the service listens on loopback only, not on {host}: "
            "set FANOUT_API_KEYS, or use --host 127.0.0.1"
        )
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (socket.gaierror, UnicodeError):
        raise CannotListen(f"there is no address {host}; check --host (or FANOUT_HOST)") from None
    try:
        sock = socket.socket(family, kind, proto)
        try:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind(address)
            sock.listen(BACKLOG)  # two may bind to a port, but only one may listen
        except OSError:
            sock.close()
            raise
    except OSError as error:
        raise CannotListen(
            f"cannot listen on {host}:{port}: {error.strerror}; give another port, or 0 for a free one"
        ) from None
    return sock


async def _serve(settings: Settings, store: ServiceStore, sock: socket.socket) -> None:
    service = Service(
        store, ConsoleCarrier(), limits=settings.limits, timezone=settings.timezone, office=settings.office
    )
    keys = [key.get_secret_value() for key in settings.api_keys]
    app = build(service, keys, most_streams=settings.max_streams)
    server = Server(config(app, allow_connections(settings.max_connections)))
    gc.freeze()  # what is here by now stays: no collection need look at it again
    gc.set_threshold(*GC_THRESHOLD)
    async with service.running(), anyio.create_task_group() as tasks:
        await tasks.start(_stop_on_signal, server)
        host, port = sock.getsockname()[:2]
        log.info("listening", url=f"http://{host}:{port}", docs=f"http://{host}:{port}/docs")
        # If a part of the service dies, those who wait still hear what became of their requests.
        with anyio.CancelScope(shield=True):
            await server.serve(sockets=[sock])
        tasks.cancel_scope.cancel()


def allow_connections(most: int) -> int:
    """How many connections there may be: fewer than `most` if the system allows too few open files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = most + OTHER_FILES
    if hard != resource.RLIM_INFINITY and hard < files:
        files = hard
        log.warning("few_connections", most=files - OTHER_FILES, advice="raise the limit of open files")
    if soft != resource.RLIM_INFINITY and soft < files:
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    return max(1, files - OTHER_FILES)


async def _stop_on_signal(server: uvicorn.Server, *, task_status: TaskStatus[None]) -> None:
    """The first signal lets requests finish, and so does the end of the service; the second signal does not.

    No stop waits for ever.
    """
    try:
        with anyio.open_signal_receiver(signal.SIGTERM, signal.SIGINT) as signals:
            task_status.started()
            async for number in signals:
                if not server.should_exit:
                    give_up_later()
                server.force_exit = server.should_exit
                server.handle_exit(number, None)  # from here open event streams learn of it too
    finally:
        server.handle_exit(signal.SIGTERM, None)


def give_up_later() -> None:
    """Ends the process if the stop takes too long: a carrier's thread may never return.

    Until then sends that end are marked. One that never ends may go out again after the next start.
    """

    def give_up() -> None:
        log.error(
            "stop_gave_up", after_s=GRACEFUL_S + LAST_SENDS_S, advice="a send did not end: ask its carrier"
        )
        os._exit(1)

    timer = threading.Timer(GRACEFUL_S + LAST_SENDS_S, give_up)
    timer.daemon = True
    timer.start()
