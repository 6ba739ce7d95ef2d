"""What the storage adapter gives to a container."""

from pathlib import Path

from dishka import Provider, Scope, provide

from adapters.storage.files import files_of, in_memory
from adapters.storage.pictures import PillowPictures
from adapters.storage.settings import FilesSettings
from core.kernel.files import FileStore
from core.kernel.pictures import Pictures


class StorageProvider(Provider):
    """Files and pictures."""

    scope = Scope.APP

    pictures = provide(PillowPictures, provides=Pictures)

    def __init__(self, folder: Path | None) -> None:
        """:param folder: where files are kept if the settings do not say; None keeps them in this process alone."""
        super().__init__()
        self._folder = folder

    @provide
    def files(self, settings: FilesSettings) -> FileStore:
        """Where the settings say."""
        return in_memory() if self._folder is None else files_of(settings, self._folder)
