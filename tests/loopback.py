"""Blocks connections to other hosts in every test; tests/conftest.py imports the fixture."""

import ipaddress
import socket

import pytest


class OtherHost(RuntimeError):
    """A test tried to connect to another host."""


def is_loopback(address) -> bool:
    if not isinstance(address, tuple):  # a Unix socket is a file
        return True
    host = address[0]
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def only_loopback():
    def guarded(method):
        def connect(self, address):
            if not is_loopback(address):
                raise OtherHost(f"A test must not connect to {address[0]}.")
            return method(self, address)

        return connect

    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, guarded(getattr(socket.socket, name)))
        yield
