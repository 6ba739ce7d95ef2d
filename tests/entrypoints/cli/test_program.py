"""The program: one form of error, exit codes, reading commands."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from entrypoints.cli.main import PATHS, main
from entrypoints.shared.settings import ROOT

HELP = "\ntry: main()\nexcept SystemExit: print(*sys.modules)"


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SOTY_DATA_DIR", str(tmp_path))


def leave(*words: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(list(words))
    assert isinstance(left.value.code, int)
    return left.value.code


@pytest.mark.parametrize("name", list(PATHS))
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert leave(name, "--help") == 0
    assert "Usage: soty" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [["nothing"], ["up", "--only", "bot"], ["up", "--nothing"], ["check", "nothing"], ["http", "--port", "-1"]],
)
def test_wrong_usage_is_2_in_the_one_form(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert leave(*words) == 2
    told = capsys.readouterr().err
    assert told.startswith("error: ")
    assert "  fix:   soty" in told


def test_a_part_that_cannot_run_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert leave("up", "--profile", "memory", "--only", "consumer") == 2
    assert "SOTY_APP_MODE" in capsys.readouterr().err


def test_wrong_settings_are_3_and_come_together(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOTY_KAFKA_GRUOP", "x")
    monkeypatch.setenv("SOTY_HTTP_PORT", "x")
    assert leave("config", "show") == 3
    told = capsys.readouterr().err
    assert "use SOTY_KAFKA_GROUP" in told
    assert "SOTY_HTTP_PORT is wrong" in told


def test_dev_refuses_to_listen_to_the_world(capsys: pytest.CaptureFixture[str]) -> None:
    assert leave("up", "--host", "0.0.0.0") == 3
    assert "--i-know" in capsys.readouterr().err


def test_a_database_that_does_not_answer_is_4(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOTY_POSTGRES_URL", "postgresql://u:secret@127.0.0.1:1/d")
    assert leave("db", "status") == 4
    told = capsys.readouterr().err
    assert "PostgreSQL does not answer" in told
    assert "secret" not in told


def test_no_broker_to_send_to_is_4(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text("{}")
    assert leave("events", "publish", str(tmp_path / "one.json")) == 4
    assert "start ./soty up" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["{", '{}\n{"a":', ""])
def test_what_is_not_json_is_wrong_usage(
    text: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOTY_KAFKA_BOOTSTRAP", "127.0.0.1:1")
    (tmp_path / "bad.json").write_text(text)
    assert leave("events", "publish", str(tmp_path / "bad.json")) == 2
    assert "--raw" in capsys.readouterr().err


def test_config_show_tells_values_and_origins(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOTY_API_KEY", "do-not-show-this")
    assert leave("config", "show", "--json") == 0
    shown = msgspec.json.decode(capsys.readouterr().out)
    assert shown["SOTY_API_KEY"] == {"value": "***", "origin": "environment"}
    assert leave("config", "show", "--origin") == 0
    assert "do-not-show-this" not in capsys.readouterr().out


@pytest.mark.parametrize("words", [["config", "docs"], ["openapi"], ["asyncapi"], ["reference"]])
def test_what_is_written_from_the_code_is_what_it_says(words: list[str]) -> None:
    assert leave(*words) == 0
    assert leave(*words, "--write") == 0


def test_version_names_what_matters(capsys: pytest.CaptureFixture[str]) -> None:
    assert leave("version", "--json") == 0
    told = msgspec.json.decode(capsys.readouterr().out)
    assert told["soty"] == "0.1.0"
    assert {"commit", "python", "litestar", "asyncpg"} <= told.keys()
    assert f'version = "{told["soty"]}"' in (ROOT / "pyproject.toml").read_text()


def test_doctor_names_an_address_that_is_down(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOTY_POSTGRES_URL", "postgresql://u:secret@127.0.0.1:1/d")
    monkeypatch.setenv("SOTY_KAFKA_BOOTSTRAP", "127.0.0.1:1")
    assert leave("doctor", "--json") == 1
    lines = {line["name"]: line for line in msgspec.json.decode(capsys.readouterr().out)}
    assert "does not answer" in lines["postgres"]["found"]
    assert "SOTY_KAFKA" in lines["kafka"]["fix"]
    assert lines["python"]["fix"] == ""


def test_asking_for_help_imports_no_driver() -> None:
    code = f"import sys; from entrypoints.cli.main import main; sys.argv = ['soty', '-h']{HELP}"
    told = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": str(ROOT / "src")}, capture_output=True, check=True
    )
    assert not {b"litestar", b"asyncpg", b"aiokafka", b"sqlalchemy", b"uvloop"} & set(told.stdout.split())
