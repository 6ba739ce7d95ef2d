"""What identity goes by in every process."""

from dishka import Provider, Scope

from adapters.memory.provider import NoGrantsProvider
from core.identity.api import IdentityRules, Registration
from entrypoints.shared.settings import Settings


def people(settings: Settings) -> list[Provider]:
    """Providers of the rules of identity and of what accounts may do.

    :param settings: of the process; texts to phones are shown in development, and nothing sends them otherwise.
    """
    rules = IdentityRules(
        registration=Registration(settings.identity.registration), texts=settings.app.profile != "prod"
    )
    given = Provider(scope=Scope.APP)
    given.provide(lambda: rules, provides=IdentityRules)
    return [given, NoGrantsProvider()]
