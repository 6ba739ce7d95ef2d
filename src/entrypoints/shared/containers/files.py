"""Where files of people are kept."""

from dishka import Provider, Scope

from adapters.storage.provider import StorageProvider
from adapters.storage.settings import FilesSettings
from entrypoints.shared.settings import Settings

FOLDER = "files"


def files(settings: Settings) -> list[Provider]:
    """Providers of files and pictures.

    :param settings: of the process; on memory files are kept there too.
    """
    given = Provider(scope=Scope.APP)
    given.provide(lambda: settings.files, provides=FilesSettings)
    memory = settings.app.profile == "memory"
    return [StorageProvider(None if memory else settings.app.data_dir / FOLDER), given]
