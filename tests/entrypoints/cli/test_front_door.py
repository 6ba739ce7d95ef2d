"""The script that installs on its first run, as far as it can be tried without installing."""

import os
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[3] / "soty"


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    loader = SourceFileLoader("front_door", str(SCRIPT))
    spec = spec_from_loader("front_door", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


def test_an_environment_is_not_made_by_the_python_in_it(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is removed first, and whoever has activated it finds its Python before all others."""
    own, other = tmp_path / "venv" / "bin", tmp_path / "other"
    for folder in (own, other):
        folder.mkdir(parents=True)
        (folder / "python3.13").write_text("#!/bin/sh\n")
        (folder / "python3.13").chmod(0o755)
    monkeypatch.setattr(script, "VENV", str(tmp_path / "venv"))
    monkeypatch.setenv("PATH", os.pathsep.join([str(own), str(other)]))
    found = script.places("python3.13")
    assert str(other / "python3.13") in found
    assert str(own / "python3.13") not in found
