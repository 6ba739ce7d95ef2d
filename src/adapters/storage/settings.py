"""Settings of where files are kept."""

from pathlib import Path
from typing import Annotated, NamedTuple
from urllib.parse import urlsplit

from msgspec import Meta, Struct

from core.kernel.secret import Secret


class Bucket(NamedTuple):
    """A bucket, and a folder in it, empty for the whole."""

    name: str
    folder: str


class FilesSettings(Struct, frozen=True, kw_only=True):
    """Where files of people are kept."""

    url: Annotated[
        str | None,
        Meta(
            description="Where files are kept: a bucket of S3 or of what speaks its protocol, or a directory; "
            "unset: files/ in the data directory.",
            examples=["s3://bucket/folder", "file:///srv/soty/files"],
        ),
    ] = None
    endpoint: Annotated[
        str | None,
        Meta(description="Address of a store that speaks the protocol of S3; unset: that of Amazon."),
    ] = None
    region: Annotated[str, Meta(description="Region of the bucket.")] = "us-east-1"
    access_key: Annotated[Secret | None, Meta(description="Access key of the bucket; unset: that of the machine.")] = (
        None
    )
    secret_key: Annotated[Secret | None, Meta(description="Secret of the access key.")] = None
    timeout: Annotated[float, Meta(gt=0, le=60, description="Seconds that one use of the bucket may take.")] = 3.0

    def place(self) -> Bucket | Path | None:
        """Where files are kept; None when that is not set.

        :raises ValueError: the address is none of a bucket or a directory.
        """
        if self.url is None:
            return None
        place = urlsplit(self.url)
        if place.scheme == "file" and not place.netloc and place.path:
            return Path(place.path)
        if place.scheme == "s3" and place.netloc:
            return Bucket(place.netloc, place.path.strip("/"))
        raise ValueError("wanted like s3://bucket/folder or file:///directory")
