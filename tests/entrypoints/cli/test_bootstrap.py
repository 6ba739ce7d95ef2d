"""`./soty`: parses on old Pythons, tells a finished .venv from a broken one, works in an empty environment."""

import ast
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

import pytest

from entrypoints.shared.settings import ROOT

NEEDED = ("soty", "requirements.lock", "requirements-dev.lock", "pyproject.toml", "src")
OLD = Path("~/.pyenv/versions/3.8.18/bin/python").expanduser()


@pytest.fixture
def clone() -> Iterator[Path]:
    with TemporaryDirectory(prefix="soty-tests-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        for name in NEEDED:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
            copy(ROOT / name, home / name)
        yield home


@pytest.fixture
def bootstrap(clone: Path) -> ModuleType:
    loader = SourceFileLoader("bootstrap", str(clone / "soty"))
    spec = spec_from_loader("bootstrap", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


def finish(clone: Path, bootstrap: ModuleType) -> None:
    (clone / ".venv/bin").mkdir(parents=True)
    (clone / ".venv/bin/python").touch()
    bootstrap.finish({"root": str(clone), "runtime": bootstrap.digest(bootstrap.RUNTIME), "tests": None})


def test_it_is_written_for_3_8() -> None:
    text = (ROOT / "soty").read_text()
    ast.parse(text, feature_version=(3, 8))
    if OLD.exists():
        subprocess.run([OLD, "-c", "import ast, sys; ast.parse(sys.stdin.read())"], input=text.encode(), check=True)
    assert os.access(ROOT / "soty", os.X_OK)


def test_a_finished_environment_is_used_and_a_broken_one_is_not(clone: Path, bootstrap: ModuleType) -> None:
    assert not bootstrap.in_place(bootstrap.RUNTIME)
    finish(clone, bootstrap)
    assert bootstrap.in_place(bootstrap.RUNTIME)
    assert not bootstrap.in_place(bootstrap.TESTS)
    (clone / ".venv/bin/python").unlink()
    assert not bootstrap.in_place(bootstrap.RUNTIME)


def test_another_lock_asks_for_another_environment(clone: Path, bootstrap: ModuleType) -> None:
    finish(clone, bootstrap)
    with (clone / "requirements.lock").open("a") as lock:
        lock.write("# changed\n")
    assert not bootstrap.in_place(bootstrap.RUNTIME)


def test_a_moved_clone_asks_for_another_environment(
    clone: Path, bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish(clone, bootstrap)
    monkeypatch.setattr(bootstrap, "ROOT", str(clone.parent))
    assert not bootstrap.in_place(bootstrap.RUNTIME)


def test_a_python_is_found(bootstrap: ModuleType) -> None:
    assert Path(bootstrap.find_python(None)).exists()


def test_no_python_is_an_error_with_its_fix(
    bootstrap: ModuleType, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "NAMES", ("python3.99",))
    with pytest.raises(SystemExit) as left:
        bootstrap.find_python(None)
    assert left.value.code == 4
    assert "fix:   apt-get install python3" in capsys.readouterr().err


@pytest.mark.slow
def test_an_empty_environment_and_two_at_once(clone: Path) -> None:
    """As `nobody` when root runs the tests, otherwise as who we are."""
    identity: dict[str, object] = {}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        for path in (clone, *clone.rglob("*")):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)
        identity = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    (clone / ".venv/lib").mkdir(parents=True)
    if identity:
        os.chown(clone / ".venv", nobody.pw_uid, nobody.pw_gid)
        os.chown(clone / ".venv/lib", nobody.pw_uid, nobody.pw_gid)
    both = [
        subprocess.Popen([clone / "soty", "version"], env={}, cwd="/", stdout=subprocess.PIPE, text=True, **identity)  # type: ignore[call-overload]
        for _ in range(2)
    ]
    for one in both:
        told, _ = one.communicate(timeout=300)
        assert one.returncode == 0
        assert told.startswith("soty")
