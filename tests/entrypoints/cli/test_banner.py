"""What a start says about the first owner."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from entrypoints.cli.banner import banner
from entrypoints.shared.settings import Settings
from tests.support.http import URL, memory_settings

OWNER = "export SOTY_OWNER_EMAIL="
NAMED = replace(memory_settings(), security=replace(memory_settings().security, owner_email="olga@example.com"))


@pytest.mark.parametrize(
    "settings, part, is_told",
    [
        (memory_settings(), "http", True),
        (memory_settings(), "consumer", False),
        (memory_settings(profile="dev"), "http", False),
        (NAMED, "http", False),
    ],
)
def test_on_memory_it_tells_how_the_first_owner_is_made(settings: Settings, part: str, *, is_told: bool) -> None:
    assert (OWNER in banner(settings, Path("var"), (), {part: URL}, 0.1)) is is_told
