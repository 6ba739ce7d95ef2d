"""What exists and how it is wired, as commands and pages show it."""

import inspect
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from core.kernel.errors import Kind
from core.kernel.manifest import Module
from entrypoints.cli.generated.diagrams import edges, graph, hexagon
from entrypoints.cli.generated.markdown import table, told
from entrypoints.cli.main import main
from entrypoints.http.error_page import what_to_do
from entrypoints.http.errors import ERRORS
from entrypoints.http.operations import OPERATIONS
from entrypoints.shared.modules import MODULES
from entrypoints.shared.settings import ROOT
from entrypoints.shared.texts import LANGUAGES


@pytest.fixture
def shown(capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs the program and gives what it writes."""

    def run(*words: str) -> str:
        with pytest.raises(SystemExit) as left:
            main(list(words))
        assert left.value.code == 0
        return capsys.readouterr().out

    return run


def test_modules_are_listed(shown: Any) -> None:
    names = [module.name for module in MODULES]
    assert [line.split()[0] for line in shown("modules").splitlines()] == names
    told = msgspec.json.decode(shown("modules", "--json"))
    assert [view["name"] for view in told] == names
    assert told[0]["sweeps"] == [{"use_case": "WatchTransit", "seconds": 30}]
    assert told[0]["reactions"][1] == {
        "name": "inventory.cache",
        "use_case": "ForgetEntries",
        "facts": ["inventory.entries_stale v1"],
    }


def test_the_graph_has_every_module_and_edge(shown: Any) -> None:
    lines = shown("modules", "graph").splitlines()
    assert "inventory tells 11 facts to Kafka" in lines
    assert len(lines) == len(edges()) == len(msgspec.json.decode(shown("modules", "graph", "--json")))
    drawn = shown("modules", "graph", "--mermaid")
    assert drawn == graph() + "\n"
    assert all(f'{module.name}{{{{"{module.name}<br>' in drawn for module in MODULES)


def test_a_module_that_uses_another_points_at_it() -> None:
    assert "  water --> inventory" in hexagon(Module(name="water", summary="", uses=("inventory",))).splitlines()


def test_adapters_are_shown_with_what_they_are_bound_to(shown: Any) -> None:
    (line,) = [line for line in shown("adapters").splitlines() if " RedisRateLimiter " in line]
    assert line.split() == ["RateLimiter", "redis", "RedisRateLimiter", "bound", "to", "RateLimiterSuite"]
    views = {view["name"]: view for view in msgspec.json.decode(shown("adapters", "--json"))}
    assert "thousand who miss at once load once" in views["Cache"]["promises"]
    assert views["Clock"]["suites"] == {"ClockSuite": "contracts/ports/clock.py"}


def test_an_image_without_tests_knows_no_suites(shown: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tmp_path.joinpath("src").symlink_to(ROOT / "src")
    monkeypatch.setattr("entrypoints.cli.generated.ports.ROOT", tmp_path)
    assert {line.partition("  no suite ")[2] for line in shown("adapters").splitlines()} == {"here"}


def test_what_no_suite_is_run_against_is_not_bound(shown: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tmp_path.joinpath("src").symlink_to(ROOT / "src")
    tmp_path.joinpath("contracts").symlink_to(ROOT / "contracts")
    monkeypatch.setattr("entrypoints.cli.generated.ports.ROOT", tmp_path)
    assert {line.partition("  not ")[2] for line in shown("adapters").splitlines()} == {"bound"}


def test_routes_are_those_that_are_served(shown: Any) -> None:
    told = msgspec.json.decode(shown("routes", "--json"))
    assert [(each["method"], each["path"], each["permission"]) for each in told] == [
        (each.method, each.path, each.permission) for each in OPERATIONS
    ]
    assert {tuple(line.split()[:2]) for line in shown("routes").splitlines()} == {
        (o.method, o.path) for o in OPERATIONS
    }


def test_permissions_tell_what_asks_for_them(shown: Any) -> None:
    told = {each["name"]: each for each in msgspec.json.decode(shown("permissions", "--json"))}
    assert set(told) == {name for module in MODULES for name in module.permissions}
    assert told["operations.deliveries"] == {
        "name": "operations.deliveries",
        "module": "operations",
        "routes": ["POST /ops/deliveries/replay", "POST /ops/deliveries/drop"],
        "use_cases": ["ReplayDeliveries", "DropDeliveries"],
    }
    assert shown("permissions").splitlines()[-1].split()[0] == "operations.deliveries"


ONES_OWN = re.compile(r"actor\.(person|require_proof)\(")
FOR_STRANGERS = {
    *("Register", "SignIn", "RefreshSession", "AskForLetter", "ResetPassword", "VerifyContact"),
    *("AskSignInCode", "SignInByCode", "SignInByTelegram", "PassSecondFactor", "LinkTelegram"),
    *("ConfirmEmailChange", "UndoDeletion", "KeepAccount", "UndoEmailChange", "AcceptInvite", "SetUp", "SeeAvatar"),
}
"""They ask for a password, a code or a link instead, or show what is public."""
FOR_OTHERS = {
    *(
        "AcceptPassword",
        "BeginSession",
        "CompleteSignIn",
        "FindAuthority",
        "ForgetPerson",
        "NoteAttempt",
        "WriteLastSeen",
        "IdentifyByKey",
    ),
    *("IdentifyPerson", "OpenAccount", "RenewTokens", "SendCode", "ChangePassword", "ReceiveMessage", "OfferSetUp"),
}
"""Other use cases, or the process itself, call them; or they call one that asks."""


def test_every_use_case_asks_for_a_permission_or_is_known_not_to(shown: Any) -> None:
    asked = {name for each in msgspec.json.decode(shown("permissions", "--json")) for name in each["use_cases"]}
    called = {each.use_case.__name__ for module in MODULES for each in module.reactions}
    called |= {each.use_case.__name__ for module in MODULES for each in module.sweeps}
    silent = {
        use_case.__name__
        for module in MODULES
        for use_case in module.use_cases
        if not ONES_OWN.search(inspect.getsource(use_case))
    }
    assert silent - asked - called == FOR_STRANGERS | FOR_OTHERS


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_error_says_what_to_do(language: str) -> None:
    assert set(what_to_do(language)) - set(ERRORS) == set(Kind)


def test_pieces_of_pages() -> None:
    assert table(["a", "b"], [["x|y", ""]]) == "| a | b |\n|---|---|\n| x\\|y | – |"
    assert table(["a"], []) == ""
    assert (
        told("Does ``x`` by :func:`~a.b`.\n\nMore.\n\n:param x: it.\n:returns: y.\n") == "Does `x` by `a.b`.\n\nMore."
    )
    assert told(None) == ""
