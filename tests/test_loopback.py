import socket

import pytest

from tests.loopback import OtherHost, is_loopback


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        (("127.0.0.1", 80), True),
        (("::1", 80, 0, 0), True),
        (("localhost", 80), True),
        ("/run/a.socket", True),
        (("192.0.2.1", 80), False),
        (("clinic.example", 80), False),
    ],
)
def test_only_this_machine_is_loopback(address, allowed):
    assert is_loopback(address) is allowed


def test_a_connection_to_another_machine_is_refused():
    with socket.socket() as caller, pytest.raises(OtherHost):
        caller.connect(("192.0.2.1", 80))
