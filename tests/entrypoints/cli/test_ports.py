"""The ports that parts serve on."""

import socket
from typing import cast

import pytest

from entrypoints.cli.ports import open_port, with_ports
from entrypoints.consumer.settings import ConsumerSettings
from entrypoints.http.settings import HttpSettings
from entrypoints.scheduler.settings import SchedulerSettings
from entrypoints.shared.fault import FaultError
from entrypoints.shared.listening import address_of, listen, port_of
from entrypoints.shared.settings import AppSettings, Profile, Settings

PARTS = ("http", "consumer", "scheduler")


def wishing(port: int, profile: Profile = "dev") -> Settings:
    return Settings(
        app=AppSettings(profile=profile),
        http=HttpSettings(port=port),
        consumer=ConsumerSettings(port=port),
        scheduler=SchedulerSettings(port=port),
    )


@pytest.fixture
def free() -> int:
    with listen("127.0.0.1", 0) as probe:
        return port_of(probe)


def test_a_port_is_taken_as_soon_as_it_is_chosen(free: int) -> None:
    """Two programs that start together do not choose the same."""
    with with_ports(wishing(free), PARTS) as one, with_ports(wishing(free), PARTS) as other:
        chosen = [port_of(opened) for ports in (one, other) for opened in ports.sockets.values()]
        assert len(set(chosen)) == 6
        assert chosen[0] == free
        assert len(one.moved) == 2
        assert other.moved[0] == f"port {free} is busy: http takes {chosen[3]}"
        assert [getattr(other.settings, part).port for part in PARTS] == chosen[3:]
    with listen("127.0.0.1", free):
        pass


def test_zero_is_any_port_and_nothing_has_moved() -> None:
    with with_ports(wishing(0, "prod"), PARTS) as ports:
        assert ports.moved == ()
        assert ports.settings.http.port == port_of(ports.sockets["http"]) > 0


def test_nothing_moves_in_prod(free: int) -> None:
    with listen("127.0.0.1", free), pytest.raises(FaultError) as refused, with_ports(wishing(free, "prod"), PARTS):
        pass
    fault = refused.value.faults[0]
    assert fault.error == f"port {free} is busy on 127.0.0.1"
    assert fault.where == f"SOTY_HTTP_PORT={free}"


def test_an_address_of_another_machine_is_told() -> None:
    with pytest.raises(FaultError) as refused:
        open_port("http", "192.0.2.1", 0, may_move=True)
    assert refused.value.faults[0].error.startswith("http cannot listen on 192.0.2.1:0: ")


def test_addresses_of_both_families_are_written_right() -> None:
    with listen("127.0.0.1", 0) as four:
        assert address_of(four) == f"http://127.0.0.1:{port_of(four)}"
        assert four.proto == socket.IPPROTO_TCP

    class Six:
        def getsockname(self) -> tuple[str, int, int, int]:
            return "::1", 8000, 0, 0

    assert address_of(cast("socket.socket", Six())) == "http://[::1]:8000"
