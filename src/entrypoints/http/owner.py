"""The first owner out of the settings."""

from dishka import AsyncContainer

from core.identity.usecases.add_person import AddPerson
from core.kernel.actor import system_actor
from core.kernel.errors import Kind, SotyError
from entrypoints.shared.settings import Settings


async def add_first_owner(settings: Settings, container: AsyncContainer) -> None:
    """Make the owner that the settings name, where nobody is one; of several processes that start at once one does.

    :raises WrongFields: the name or the password is refused.
    """
    login, password = settings.security.owner_email, settings.security.owner_password
    if login is None or password is None:
        return
    add = await container.get(AddPerson)
    actor = system_actor("settings")
    try:
        await add(actor, login=login, password=password.reveal(), roles=["owner"], only_first=True)
    except SotyError as error:
        if error.kind is not Kind.CONFLICT:
            raise
