"""Ways to sign in, each with the page where it is changed."""

import msgspec

from core.identity.usecases.queries.second_factor import GetSecondFactor
from entrypoints.http.panel.visit import Visit
from entrypoints.shared.settings import Settings
from entrypoints.shared.texts import page_text

SECURITY = "/profile/security"
PASSWORD, EMAIL = f"{SECURITY}/password", f"{SECURITY}/email"
SECOND_FACTOR, API_KEYS = f"{SECURITY}/two-factor", f"{SECURITY}/api-keys"
TELEGRAM, NETWORKS = f"{SECURITY}/telegram", f"{SECURITY}/networks"
ACTIVITY = f"{SECURITY}/activity"


class Way(msgspec.Struct, frozen=True):
    """A way to sign in, and the page where it is changed."""

    name: str
    says: str
    act: str
    path: str


class Ways:
    """Knows the ways of an account."""

    def __init__(self, second_factor: GetSecondFactor, settings: Settings) -> None:
        """:param second_factor: tells whether it is on.
        :param settings: tell whether there is a bot.
        """
        self._second_factor = second_factor
        self._has_bot = settings.security.telegram_bot_token is not None

    async def of(self, visit: Visit) -> list[Way]:
        """All ways; few before somebody has verified an address."""
        language = visit.reader.language
        change = page_text(language, "panel.change")
        password, says = page_text(language, "panel.password"), page_text(language, "panel.password_says")
        email, reaches = page_text(language, "panel.email"), page_text(language, "panel.email_says")
        ways = [Way(password, says, change, PASSWORD), Way(email, reaches, change, EMAIL)]
        if visit.actor.limited:
            return ways
        telegram = [Way("Telegram", page_text(language, "panel.telegram_says"), change, TELEGRAM)]
        more = [*(telegram if self._has_bot else []), _keys(language), _networks(language)]
        return [*ways, await self._second(visit), *more]

    async def _second(self, visit: Visit) -> Way:
        language, factor = visit.reader.language, await self._second_factor(visit.actor)
        name = page_text(language, "panel.second_factor")
        if not factor.enabled:
            return Way(
                name, page_text(language, "panel.factor_off"), page_text(language, "panel.set_up"), SECOND_FACTOR
            )
        says = page_text(language, "panel.factor_on", {"count": factor.recovery_codes_left})
        return Way(name, says, page_text(language, "panel.change"), SECOND_FACTOR)


def _keys(language: str) -> Way:
    name, says = page_text(language, "panel.api_keys"), page_text(language, "panel.api_keys_says")
    return Way(name, says, page_text(language, "panel.manage"), API_KEYS)


def _networks(language: str) -> Way:
    name, says = page_text(language, "panel.networks"), page_text(language, "panel.networks_say")
    return Way(name, says, page_text(language, "panel.manage"), NETWORKS)
