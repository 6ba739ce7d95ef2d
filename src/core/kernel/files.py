"""Files that people send, kept outside the database."""

from abc import abstractmethod
from datetime import datetime
from typing import Protocol


class FileStore(Protocol):
    """Keeps whole files by name. Names are made by Soty, never by a client: letters, digits, dots, dashes, slashes."""

    @abstractmethod
    async def put(self, name: str, content: bytes) -> None:
        """Keep a file; one of the same name is replaced, and nobody ever reads half of one.

        :raises Unavailable: the store does not answer; nothing was kept.
        """

    @abstractmethod
    async def get(self, name: str) -> bytes | None:
        """The file, None when there is none.

        :raises Unavailable: the store does not answer.
        """

    @abstractmethod
    async def delete(self, names: list[str]) -> None:
        """Remove files; those that are gone already are fine.

        :raises Unavailable: the store does not answer.
        """

    @abstractmethod
    async def names(self, folder: str, before: datetime) -> list[str]:
        """Names of all files in a folder that were put before a moment.

        :param folder: the first part of the names, without a slash.
        :raises Unavailable: the store does not answer.
        """
