"""What every file store promises."""

import asyncio
import os
from datetime import UTC, datetime, timedelta

import pytest

from core.kernel.files import FileStore

SIZES = [0, 1, 70_000, 3_000_000]


class FileStoreSuite:
    """A file comes back as it was put, until it is deleted."""

    @pytest.fixture
    def files(self) -> FileStore:
        """An empty store."""
        raise NotImplementedError

    @pytest.mark.parametrize("size", SIZES)
    async def test_a_file_comes_back_as_it_was_put(self, files: FileStore, size: int) -> None:
        content = os.urandom(size)
        await files.put("a/b-1.webp", content)
        assert await files.get("a/b-1.webp") == content

    async def test_there_is_no_file_of_another_name(self, files: FileStore) -> None:
        await files.put("a/1", b"x")
        assert [await files.get(name) for name in ("a/2", "a", "b/1")] == [None] * 3

    async def test_a_file_replaces_one_of_its_name(self, files: FileStore) -> None:
        await files.put("a/1", b"before")
        await files.put("a/1", b"after")
        assert await files.get("a/1") == b"after"

    async def test_readers_never_see_half_a_file(self, files: FileStore) -> None:
        one, other = b"1" * 500_000, b"2" * 400_000
        await files.put("a/1", one)
        writes = [files.put("a/1", content) for content in (other, one) * 5]
        seen = await asyncio.gather(*writes, *(files.get("a/1") for _ in range(20)))
        assert {content for content in seen if content is not None} <= {one, other}

    async def test_what_was_deleted_is_gone(self, files: FileStore) -> None:
        for name in ("a/1", "a/2", "a/3"):
            await files.put(name, b"x")
        await files.delete(["a/1", "a/3"])
        assert [await files.get(name) for name in ("a/1", "a/2", "a/3")] == [None, b"x", None]

    async def test_deleting_what_is_gone_is_fine(self, files: FileStore) -> None:
        await files.put("a/1", b"x")
        await files.delete(["a/0", "a/1", "a/1", "b"])
        assert await files.get("a/1") is None

    async def test_names_of_a_folder_are_listed(self, files: FileStore) -> None:
        for name in ("a/2", "a/1", "ab/1", "b/1"):
            await files.put(name, b"x")
        soon = datetime.now(UTC) + timedelta(minutes=1)
        assert await files.names("a", soon) == ["a/1", "a/2"]
        assert await files.names("nothing", soon) == []

    async def test_younger_files_are_not_listed(self, files: FileStore) -> None:
        await files.put("a/1", b"x")
        assert await files.names("a", datetime.now(UTC) - timedelta(minutes=1)) == []
