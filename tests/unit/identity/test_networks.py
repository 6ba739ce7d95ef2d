"""From which networks an account may be used."""

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.identity.domain.errors import NetworkUnknown
from core.identity.domain.networks import allowed_from, network_of


@pytest.mark.parametrize(
    "text, kept",
    [
        ("192.0.2.7", "192.0.2.7/32"),
        (" 192.0.2.0/24\n", "192.0.2.0/24"),
        ("192.0.2.7/24", "192.0.2.0/24"),
        ("2001:db8::1", "2001:db8::1/128"),
        ("2001:DB8::/32", "2001:db8::/32"),
        ("::ffff:192.0.2.7", "192.0.2.7/32"),
        ("::ffff:192.0.2.0/120", "192.0.2.0/24"),
        ("0.0.0.0/0", "0.0.0.0/0"),
    ],
)
def test_a_network_has_one_form(text: str, kept: str) -> None:
    assert network_of(text) == kept


@pytest.mark.parametrize(
    "text",
    ["", "localhost", "192.0.2", "192.0.2.0/33", "192.0.2.0/-1", "::/129", "x" * 1000, "\u0663.0.2.0"],
)
def test_all_else_is_refused(text: str) -> None:
    with pytest.raises(NetworkUnknown) as raised:
        network_of(text)
    assert len(str(raised.value.params["network"])) <= 64


@pytest.mark.parametrize("address", ["192.0.2.7", "2001:db8::1", "", "unix:", "garbage"])
def test_without_rules_every_address_is_allowed(address: str) -> None:
    assert allowed_from([], address)


@pytest.mark.parametrize(
    "address, allowed",
    [
        ("192.0.2.7", True),
        ("192.0.3.7", False),
        ("::ffff:192.0.2.7", True),
        ("2001:db8::5", True),
        ("2001:db9::5", False),
        ("", False),
        ("192.0.2.7, 192.0.2.8", False),
        ("192.0.2.7:443", False),
    ],
)
def test_with_rules_it_must_be_in_one(address: str, allowed: bool) -> None:
    assert allowed_from(["192.0.2.0/24", "2001:db8::/32"], address) is allowed


@given(st.ip_addresses().filter(lambda each: not getattr(each, "ipv4_mapped", None)), st.integers(0, 32))
def test_an_address_is_in_each_network_around_it(address: object, length: int) -> None:
    around = network_of(f"{address}/{length}")
    assert allowed_from([around], str(address))
    assert network_of(around) == around
    assert ip_address(str(address)) in ip_network(f"{address}/{length}", strict=False)
