"""The root secret: made once, kept from others, and never used itself."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from dishka import STRICT_VALIDATION, make_async_container

from adapters.security.root_secret import RootSecret, kept_secret, key_id, random_secret
from adapters.security.settings import SecuritySettings
from adapters.system.provider import SystemProvider
from core.kernel.seal import Seal
from core.kernel.secret import Secret
from entrypoints.shared.containers.secrets import secrets
from entrypoints.shared.settings import AppSettings, Settings

OLD, NEW = "o" * 32, "n" * 32
PROCESSES = 8


def test_each_purpose_has_keys_of_its_own() -> None:
    root = RootSecret([NEW, OLD])
    found = [key for purpose in ("jwt", "pepper", "seal", "csrf") for key in root.keys(purpose)]
    assert len(set(found)) == 8
    assert {len(key) for key in found} == {32}
    assert not {NEW.encode(), OLD.encode()} & set(found)
    assert len({key_id(key) for key in found}) == 8


def test_the_same_secret_gives_the_same_keys() -> None:
    """The vector keeps what was signed and sealed readable by the next version."""
    assert RootSecret([NEW]).keys("seal") == RootSecret([NEW, OLD]).keys("seal")[:1]
    assert RootSecret([OLD]).keys("seal") == RootSecret([NEW, OLD]).keys("seal")[1:]
    assert RootSecret([NEW]).keys("seal")[0].hex() == "24e2d912f32f417ee4111181a6a4fd48bbb791348c9016729f9814dc930a768b"


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        RootSecret([NEW, "short"])


def test_a_file_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "new" / "secret"
    found = kept_secret(file)
    assert len(found) >= 32
    assert kept_secret(file) == found != random_secret()
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_processes_that_make_it_at_once_get_the_same(tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from adapters.security.root_secret import kept_secret as k; "
    code += "sys.stdin.readline(); print(k(Path(sys.argv[1])))"
    made = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path / "secret")],
            env=dict(os.environ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(PROCESSES)
    ]
    assert len({process.communicate("go\n")[0] for process in made}) == 1


def settings_of(profile: str, folder: Path, **security: Any) -> Settings:
    return Settings(
        app=AppSettings(profile=profile, data_dir=folder),  # type: ignore[arg-type]
        security=SecuritySettings(**security),
    )


def seal_of(settings: Settings) -> Seal:
    async def found() -> Seal:
        container = make_async_container(SystemProvider(), *secrets(settings), validation_settings=STRICT_VALIDATION)
        seal: Seal = await container.get(Seal)
        await container.close()
        return seal

    return asyncio.run(found())


def test_processes_of_one_directory_read_what_the_others_sealed(tmp_path: Path) -> None:
    sealed = seal_of(settings_of("dev", tmp_path)).seal("482913")
    assert seal_of(settings_of("dev", tmp_path)).open(sealed) == "482913"


def test_memory_keeps_nothing(tmp_path: Path) -> None:
    seal_of(settings_of("memory", tmp_path)).seal("482913")
    assert list(tmp_path.iterdir()) == []


def test_a_changed_secret_reads_what_the_one_before_sealed(tmp_path: Path) -> None:
    sealed = seal_of(settings_of("prod", tmp_path, secret=Secret(OLD))).seal("482913")
    changed = settings_of("prod", tmp_path, secret=Secret(NEW), secret_previous=Secret(OLD))
    assert seal_of(changed).open(sealed) == "482913"
    assert list(tmp_path.iterdir()) == []
