"""The address of a client behind proxies that we trust, and not the one that it makes up."""

from typing import Any

import pytest

from core.kernel.limits import network_of
from entrypoints.http.addresses import Addresses

PROXIES = ["127.0.0.1", "::1", "192.0.2.0/24", "2001:db8:ffff::/48"]
CLIENT = "198.51.100.7"


def scope_of(peer: str | None, *forwarded: str) -> Any:
    headers = [(b"x-forwarded-for", text.encode("latin-1")) for text in forwarded]
    return {"type": "http", "client": peer and (peer, 1234), "headers": [(b"host", b"a"), *headers]}


@pytest.mark.parametrize(
    "peer, forwarded, found",
    [
        ("203.0.113.9", [CLIENT], "203.0.113.9"),
        ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.1", [CLIENT], CLIENT),
        ("127.0.0.1", [f"6.6.6.6, {CLIENT}"], CLIENT),
        ("127.0.0.1", [f"127.0.0.1, {CLIENT}"], CLIENT),
        ("127.0.0.1", [f"6.6.6.6, {CLIENT}, 192.0.2.3"], CLIENT),
        ("127.0.0.1", ["6.6.6.6", CLIENT], CLIENT),
        ("127.0.0.1", ["6.6.6.6", f"{CLIENT},192.0.2.3", "192.0.2.91"], CLIENT),
        ("127.0.0.1", ["192.0.2.1, 192.0.2.21"], "192.0.2.1"),
        ("127.0.0.1", [f"{CLIENT}:5555"], CLIENT),
        ("127.0.0.1", ["[2001:db8::7]:5555"], "2001:db8::7"),
        ("127.0.0.1", ['"[2001:db8::7]"'], "2001:db8::7"),
        ("127.0.0.1", ["2001:DB8:0::7"], "2001:db8::7"),
        ("127.0.0.1", ["fe80::1%eth0"], "fe80::1"),
        ("127.0.0.1", [f"::ffff:{CLIENT}"], CLIENT),
        ("127.0.0.1", [f"6.6.6.6, ::ffff:{CLIENT}, ::ffff:192.0.2.3"], CLIENT),
        ("::ffff:127.0.0.1", [CLIENT], CLIENT),
        ("::ffff:203.0.113.9", [CLIENT], "203.0.113.9"),
        ("2001:db8:ffff::1", ["2001:db8::7"], "2001:db8::7"),
        ("127.0.0.1", [f"{CLIENT}, unknown"], "127.0.0.1"),
        ("127.0.0.1", [f"{CLIENT}, rubbish, 192.0.2.3"], "192.0.2.3"),
        ("127.0.0.1", [""], "127.0.0.1"),
        ("127.0.0.1", [","], "127.0.0.1"),
        ("127.0.0.1", ["127.1"], "127.0.0.1"),
        ("127.0.0.1", ["0x7f.1, 1.2.3.4.5"], "127.0.0.1"),
        ("127.0.0.1", ["\xff\x00"], "127.0.0.1"),
        ("127.0.0.1", ["192.0.2.1," * 50_000], "127.0.0.1"),
        ("127.0.0.1", [f"{CLIENT}, " + ", ".join(["192.0.2.1"] * 30)], "192.0.2.1"),
        ("testclient", [CLIENT], ""),
        (None, [CLIENT], ""),
    ],
)
def test_vectors(peer: str | None, forwarded: list[str], found: str) -> None:
    assert Addresses(PROXIES).of(scope_of(peer, *forwarded)) == found


def test_without_trusted_proxies_nobody_is_believed() -> None:
    assert Addresses([]).of(scope_of("127.0.0.1", CLIENT)) == "127.0.0.1"


@pytest.mark.parametrize(
    "address, network",
    [
        ("", ""),
        (CLIENT, CLIENT),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("::1", "::/64"),
        ("no:address", "no:address"),
    ],
)
def test_a_customer_of_ipv6_is_counted_as_one(address: str, network: str) -> None:
    assert network_of(address) == network
