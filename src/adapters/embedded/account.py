"""Under which account a server runs, and what that account can reach: PostgreSQL refuses to run as root."""

import hashlib
import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple, TypedDict

from adapters.embedded.errors import EmbeddedError

OUTSIDE = Path("/var/lib/soty")


class Identity(TypedDict, total=False):
    """Arguments of `Popen` that drop privileges; empty when there are none to drop."""

    user: int
    group: int
    extra_groups: list[int]


class Account(NamedTuple):
    """Whom a server runs as."""

    uid: int
    gid: int

    @property
    def identity(self) -> Identity:
        """:returns: arguments for `Popen`."""
        if os.geteuid() != 0:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def reaches(self, path: Path) -> bool:
        """Tell whether the account can enter what exists of a path.

        :param path: a directory that may not exist yet.
        :returns: True when every existing parent lets it through.
        """
        while not path.exists():
            path = path.parent
        outcome = subprocess.run(["/usr/bin/test", "-x", path], check=False, cwd="/", **self.identity)
        return outcome.returncode == 0

    def own(self, folder: Path) -> Path:
        """Make a private directory of the account.

        :param folder: the directory to make if it is missing.
        :returns: the same directory.
        :raises EmbeddedError: when it belongs to someone else.
        """
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            if folder.is_symlink() or folder.stat().st_uid != self.uid:
                raise EmbeddedError("a directory belongs to another account", str(folder), f"rm -r {folder}") from None
        else:
            os.chown(folder, self.uid, self.gid)
        return folder


def account_for(data_dir: Path) -> Account:
    """Choose the account: ours; as root the owner of the data, else `nobody`.

    :param data_dir: data directory that may not exist.
    :returns: whom the server runs as.
    :raises EmbeddedError: when the data belongs to someone else.
    """
    owner = data_dir.stat() if data_dir.exists() else None
    if os.geteuid() == 0:
        if owner and owner.st_uid:
            return Account(owner.st_uid, owner.st_gid)
        nobody = pwd.getpwnam("nobody")
        return Account(nobody.pw_uid, nobody.pw_gid)
    if owner and owner.st_uid != os.geteuid():
        raise EmbeddedError(
            "the data directory belongs to another account",
            str(data_dir),
            "run as that account (or as root), or export SOTY_DATA_DIR=/another/directory",
        )
    return Account(os.geteuid(), os.getegid())


def reachable_home(wished: Path, account: Account) -> Path:
    """Find a directory for data that the account can enter.

    :param wished: where the data should be.
    :param account: whom the server runs as.
    :returns: the wished directory, or one under /var/lib/soty when a parent is closed (a clone in /root).
    """
    wished.parent.mkdir(parents=True, exist_ok=True)
    if account.reaches(wished.parent):
        return wished
    home = OUTSIDE / hashlib.sha256(bytes(wished.absolute())).hexdigest()[:12]
    home.mkdir(parents=True, exist_ok=True)
    for folder in (OUTSIDE, home):
        folder.chmod(0o755)
    return home / wished.name


def reachable_programs(folder: Path, account: Account, cache: Path) -> Path:
    """Copy server programs once when the account cannot enter their directory.

    :param folder: the `bin` directory of an installation.
    :param account: whom the server runs as.
    :param cache: where a copy may be kept.
    :returns: a `bin` directory that the account can enter.
    """
    if account.reaches(folder):
        return folder
    prefix, package = folder.parent, folder.parent.parent
    made = (folder / "postgres").stat()
    copy = cache / f"{prefix.name}-{made.st_size}-{int(made.st_mtime)}"
    if not copy.exists():
        half = cache / f"{copy.name}.{os.getpid()}"
        shutil.copytree(prefix, half / package.name / prefix.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, half / libraries.name)
        for made_now in (cache, half, half / package.name):
            made_now.chmod(0o755)
        half.rename(copy)
    return copy / package.name / prefix.name / folder.name
