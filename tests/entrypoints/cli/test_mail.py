"""`soty mail` reads the letters that stayed here, and tries the gateway."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from entrypoints.cli.mail import mail
from entrypoints.shared.fault import Exit, FaultError


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SOTY_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("SOTY_SMTP_URL", raising=False)


def said(*words: str) -> Result:
    """What a command says."""
    return CliRunner().invoke(mail, words, catch_exceptions=False, standalone_mode=False)


def fault_of(*words: str) -> FaultError:
    """How a command fails."""
    with pytest.raises(FaultError) as caught:
        said(*words)
    return caught.value


def test_a_letter_that_stays_here_is_listed_and_shown() -> None:
    assert "kept here" in said("test", "ada@example.org", "--language", "ru").output
    assert "kept here" in said("test", "bob@example.org").output
    listed = said("list").output.splitlines()
    assert [line.split("  ")[2] for line in listed] == ["bob@example.org", "ada@example.org"]
    (found,) = json.loads(said("list", "--to", "ADA@example.org", "--json").output)
    assert found["subject"] == "Письма Soty доходят"
    shown = said("show", found["key"]).output
    assert "Auto-Submitted: auto-generated\n" in shown
    assert found["text"] in shown
    assert json.loads(said("show", found["key"], "--json").output) == found
    assert len(said("list", "--limit", "1").output.splitlines()) == 1


def test_a_letter_that_is_not_there_is_an_error() -> None:
    assert "no such letter" in str(fault_of("show", "nothing"))


def test_a_letter_that_is_not_taken_is_an_error() -> None:
    error = fault_of("test", "a@b%0aBcc:x")
    assert (error.code, "not an address" in str(error)) == (Exit.FAILED, True)


def test_a_gateway_that_is_away_is_an_error_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOTY_SMTP_URL", "smtp://soty:t0psecret@127.0.0.1:1")
    monkeypatch.setenv("SOTY_MAIL_FROM", "Soty <soty@example.org>")
    error = fault_of("test", "ada@example.org")
    assert error.code is Exit.SERVICE_DOWN
    assert "smtp://soty:***@127.0.0.1:1" in str(error)
    assert "t0psecret" not in str(error)


def test_on_memory_there_is_nothing_to_read() -> None:
    assert fault_of("list", "--profile", "memory").code is Exit.USAGE
