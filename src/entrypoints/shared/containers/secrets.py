"""What every process signs and seals with."""

from dishka import Provider, Scope

from adapters.security.provider import SecretsProvider
from adapters.security.settings import SecuritySettings
from entrypoints.shared.settings import Settings

FILE = "secret"


def secrets(settings: Settings) -> list[Provider]:
    """Providers of the root secret and of what is made from it.

    :param settings: of the process; a secret that they do not give is kept in the data directory, but not on memory.
    """
    given = Provider(scope=Scope.APP)
    given.provide(lambda: settings.security, provides=SecuritySettings)
    memory = settings.app.profile == "memory"
    return [given, SecretsProvider(None if memory else settings.app.data_dir / FILE)]
