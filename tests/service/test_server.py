"""The address that the service listens on, and what it says of one that it cannot have."""

import os
from contextlib import closing

import pytest

from service.server import CannotListen, listen


@pytest.mark.parametrize("host", ["a..b", "nowhere.invalid"])
def test_a_host_that_is_none_is_named_and_not_its_port(host: str) -> None:
    with pytest.raises(CannotListen) as refused:
        listen(host, 8000, asks_for_key=True)
    assert str(refused.value) == f"there is no address {host}; check --host (or FANOUT_HOST)"


def test_a_port_that_is_taken_leaves_no_open_socket_behind() -> None:
    with closing(listen("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        before = os.listdir("/proc/self/fd")
        with pytest.raises(CannotListen, match=f"cannot listen on 127.0.0.1:{port}: .*; give another port"):
            listen("127.0.0.1", port)
        assert os.listdir("/proc/self/fd") == before
