"""The storage adapter keeps the promises of file stores: in memory, in a directory, in a bucket."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import boto3
import pytest
from moto.server import ThreadedMotoServer

from adapters.storage.files import files_of, in_memory
from adapters.storage.settings import FilesSettings
from contracts.ports.file_store import FileStoreSuite
from core.kernel.errors import Unavailable
from core.kernel.files import FileStore
from core.kernel.secret import Secret

KEY = Secret("key-of-the-tests")


class TestMemory(FileStoreSuite):
    """Memory."""

    @pytest.fixture
    def files(self) -> FileStore:
        return in_memory()


class TestDirectory(FileStoreSuite):
    """A directory."""

    @pytest.fixture
    def files(self, tmp_path: Path) -> FileStore:
        return files_of(FilesSettings(), tmp_path / "deep" / "files")

    async def test_nobody_else_may_look_into_it(self, files: FileStore, tmp_path: Path) -> None:
        assert (tmp_path / "deep" / "files").stat().st_mode & 0o777 == 0o700

    @pytest.mark.parametrize("name", ["../outside", "a/../../outside"])
    async def test_no_name_leads_out_of_it(self, files: FileStore, tmp_path: Path, name: str) -> None:
        with pytest.raises(ValueError, match="illegal"):
            await files.put(name, b"x")
        assert not list(tmp_path.rglob("outside"))


@pytest.fixture(scope="module")
def s3_address() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def _bucket(address: str, seconds: float = 5) -> FilesSettings:
    url = f"s3://soty-files/{uuid4()}"
    return FilesSettings(url=url, endpoint=address, access_key=KEY, secret_key=KEY, timeout=seconds)


class TestBucket(FileStoreSuite):
    """A bucket of a server that speaks S3."""

    @pytest.fixture
    def files(self, s3_address: str, tmp_path: Path) -> FileStore:
        made = boto3.client(
            "s3",
            endpoint_url=s3_address,
            region_name="us-east-1",
            aws_access_key_id=KEY.reveal(),
            aws_secret_access_key=KEY.reveal(),
        )
        made.create_bucket(Bucket="soty-files")
        return files_of(_bucket(s3_address), tmp_path)


async def test_a_bucket_that_does_not_answer_is_unavailable(tmp_path: Path) -> None:
    files = files_of(_bucket("http://127.0.0.1:9", 0.5), tmp_path)
    with pytest.raises(Unavailable):
        await files.put("a/1", b"x")
    with pytest.raises(Unavailable):
        await files.get("a/1")


def test_a_directory_may_be_set(tmp_path: Path) -> None:
    files_of(FilesSettings(url=f"file://{tmp_path}/set"), tmp_path / "unset")
    assert [each.name for each in tmp_path.iterdir()] == ["set"]


@pytest.mark.parametrize("url", ["", "s3://", "https://example.org/x", "file://host/x", "file:", "bucket"])
def test_other_addresses_are_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(ValueError, match="wanted like"):
        files_of(FilesSettings(url=url), tmp_path)
