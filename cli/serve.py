"""`fanout serve`: the service behind uvicorn."""

import gc
import ipaddress
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from multiprocessing import get_context
from pathlib import Path

import anyio
import structlog
import uvicorn
from anyio.abc import TaskStatus

from cli.errors import UserError
from cli.files import load_into, open_store
from service import logs
from service.carriers.console import ConsoleCarrier
from service.http.routes import build
from service.protocol import Protocol
from service.runtime import Service
from service.settings import Settings
from service.stores.sqlite.store import SqliteStore

log = structlog.get_logger()

GRACEFUL_S = 5
# As nginx does it. A request sent while an idle connection is being closed is lost without a word, and its
# sender does not know whether it has been done.
KEEP_ALIVE_S = 75
# A claim makes about a hundred objects and no cycles; looking for some every 700 costs several percent.
GC_THRESHOLD = (20_000, 20, 50)
# uvicorn's own default.
BACKLOG = 2048


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
            anyio.run(_serve, settings, store, sock, backend_options={"use_uvloop": True})


async def _serve(settings: Settings, store: SqliteStore, sock: socket.socket) -> None:
    service = Service(
        store, ConsoleCarrier(), limits=settings.limits, timezone=settings.timezone, office=settings.office
    )
    keys = [key.get_secret_value() for key in settings.api_keys]
    server = Server(config(build(service, keys)))
    gc.freeze()  # what is here by now stays: no collection need look at it again
    gc.set_threshold(*GC_THRESHOLD)
    async with service.running(), anyio.create_task_group() as tasks:
        await tasks.start(_stop_on_signal, server)
        host, port = sock.getsockname()[:2]
        log.info("listening", url=f"http://{host}:{port}", docs=f"http://{host}:{port}/docs")
        await server.serve(sockets=[sock])
        tasks.cancel_scope.cancel()


async def _stop_on_signal(server: uvicorn.Server, *, task_status: TaskStatus[None]) -> None:
    """The first signal lets requests finish, the second does not."""
    with anyio.open_signal_receiver(signal.SIGTERM, signal.SIGINT) as signals:
        task_status.started()
        async for number in signals:
            server.force_exit = server.should_exit
            server.handle_exit(number, None)  # from here open event streams learn of it too


class Server(uvicorn.Server):
    """uvicorn without its own signal handling, which would end the process before the ledger has."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def config(app: object) -> uvicorn.Config:
    """How uvicorn runs our applications."""
    return uvicorn.Config(
        app,  # type: ignore[arg-type]
        loop="none",
        http=Protocol,
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=GRACEFUL_S,
        timeout_keep_alive=KEEP_ALIVE_S,
    )


def listen(host: str, port: int) -> socket.socket:
    """A socket that takes connections at the address, though nobody answers yet. Raises `UserError`."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        sock = socket.socket(family, kind, proto)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
        sock.listen(BACKLOG)  # two may bind to a port, but only one may listen
    except OSError as error:
        raise UserError(
            f"cannot listen on {host}:{port}: {error.strerror}; give another port, or 0 for a free one"
        ) from None
    return sock


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
