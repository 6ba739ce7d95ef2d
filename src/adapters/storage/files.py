"""Files in a directory, a bucket or memory (https://developmentseed.org/obstore)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from adapters.storage.late import Late
from adapters.storage.settings import Bucket, FilesSettings
from core.kernel.errors import Unavailable
from core.kernel.files import FileStore
from core.kernel.secret import Secret

obstore = Late("obstore")


class ObjectFiles(FileStore):
    """One object a file; what a store writes is there whole or not at all. Most processes never touch a file."""

    def __init__(self, opens: Callable[[], Any]) -> None:
        """:param opens: makes the store when it is first used."""
        self._opens = opens

    async def put(self, name: str, content: bytes) -> None:
        with _translated():
            await obstore.put_async(self._store, name, content)

    async def get(self, name: str) -> bytes | None:
        with _translated():
            try:
                found = await obstore.get_async(self._store, name)
                return bytes(await found.bytes_async())
            except (obstore.exceptions.NotFoundError, FileNotFoundError):
                return None

    async def delete(self, names: list[str]) -> None:
        with _translated():
            for name in names:
                try:
                    await obstore.delete_async(self._store, name)
                except (obstore.exceptions.NotFoundError, FileNotFoundError):
                    continue

    async def names(self, folder: str, before: datetime) -> list[str]:
        with _translated():
            listed = await obstore.list(self._store, prefix=folder).collect_async()
        return sorted(each["path"] for each in listed if each["last_modified"] < before)

    @cached_property
    def _store(self) -> Any:
        return self._opens()


def files_of(settings: FilesSettings, folder: Path) -> ObjectFiles:
    """The files that settings ask for.

    :param folder: where they are kept without settings; made if need be.
    :raises ValueError: the address is none of a bucket or a directory.
    """
    place = settings.place() or folder
    if isinstance(place, Bucket):
        bucket = _bucket(settings, place)  # at once, since its settings are judged there
        return ObjectFiles(lambda: bucket)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return ObjectFiles(partial(_directory, place))


def in_memory() -> ObjectFiles:
    """Files of this process alone, which end with it."""
    return ObjectFiles(_memory)


def _memory() -> Any:
    return obstore.store.MemoryStore()


def _directory(folder: Path) -> Any:
    return obstore.store.LocalStore(folder)


def _bucket(settings: FilesSettings, bucket: Bucket) -> Any:
    endpoint = settings.endpoint
    return obstore.store.S3Store(
        bucket.name,
        prefix=bucket.folder or None,
        endpoint=endpoint,
        region=settings.region,
        access_key_id=_revealed(settings.access_key),
        secret_access_key=_revealed(settings.secret_key),
        client_options={
            "allow_http": endpoint is not None and endpoint.startswith("http://"),
            "timeout": timedelta(seconds=settings.timeout),
        },
        retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=settings.timeout)},
    )


def _revealed(secret: Secret | None) -> str | None:
    return None if secret is None else secret.reveal()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (obstore.exceptions.BaseError, OSError) as error:
        raise Unavailable(part="files", error=type(error).__name__) from error
