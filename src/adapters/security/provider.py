"""What the security adapter gives to a container."""

from pathlib import Path

from dishka import Provider, Scope, provide

from adapters.security.authenticators import ApiKeyAuthenticator
from adapters.security.breached import BreachedList, kept
from adapters.security.codes import TotpGenerator
from adapters.security.contacts import CheckedContacts
from adapters.security.hasher import Argon2Hasher
from adapters.security.mint import SystemMint
from adapters.security.root_secret import RootSecret, kept_secret, random_secret
from adapters.security.seal import FernetSeal
from adapters.security.settings import SecuritySettings
from adapters.security.signatures import HmacVerifier
from adapters.security.telegram import BotTokenProof
from adapters.security.tokens import JwtSigner
from core.identity.contacts import Contacts
from core.identity.factors import CodeGenerator
from core.identity.secrets import BreachedPasswords, Mint, PasswordHasher, TokenSigner
from core.identity.telegram import TelegramProof
from core.kernel.auth import Authenticator
from core.kernel.clock import Clock
from core.kernel.seal import Seal
from core.kernel.secret import Secret
from core.kernel.signatures import SignatureVerifier


class SecurityProvider(Provider):
    """Who may call."""

    scope = Scope.APP

    def __init__(self, permissions: frozenset[str]) -> None:
        """:param permissions: what the holder of the service key may do."""
        super().__init__()
        self._permissions = permissions

    @provide
    def authenticator(self, settings: SecuritySettings) -> Authenticator:
        """The authenticator of the service key; without one it knows nobody."""
        return ApiKeyAuthenticator(_revealed(settings.api_key), self._permissions)

    @provide
    def verifier(self, settings: SecuritySettings, clock: Clock) -> SignatureVerifier:
        """The verifier of signed messages."""
        return HmacVerifier(settings.webhook_keys(), clock)


class SecretsProvider(Provider):
    """What signs and seals, in every process."""

    scope = Scope.APP

    def __init__(self, file: Path | None) -> None:
        """:param file: keeps the root secret where no setting gives one; None: it ends with the process."""
        super().__init__()
        self._file = file

    contacts = provide(CheckedContacts, provides=Contacts)

    @provide
    def root(self, settings: SecuritySettings) -> RootSecret:
        """The secret of now, and the one of before while it is changed."""
        now = _revealed(settings.secret) or (random_secret() if self._file is None else kept_secret(self._file))
        before = _revealed(settings.secret_previous)
        return RootSecret([now] if before is None else [now, before])

    @provide
    def seal(self, root: RootSecret) -> Seal:
        """Seals under the secret of now."""
        return FernetSeal(root.keys("seal"))

    @provide
    def generator(self, seal: Seal) -> CodeGenerator:
        """Makes second factors for apps."""
        return TotpGenerator(seal)

    @provide
    def telegram(self, settings: SecuritySettings) -> TelegramProof:
        """Knows what Telegram signed for the bot of the settings."""
        return BotTokenProof(settings.telegram_bot_token, settings.telegram_bot_username, settings.bot_api_key)

    @provide
    def mint(self, root: RootSecret) -> Mint:
        """Makes secrets."""
        return SystemMint(*root.keys("pepper"))

    @provide
    def hasher(self, settings: SecuritySettings) -> PasswordHasher:
        """Hashes passwords as slowly as the settings say."""
        return Argon2Hasher(settings.password_memory, settings.password_passes)

    @provide
    def breached(self) -> BreachedPasswords:
        """The list of the package."""
        return BreachedList(kept())

    @provide
    def signer(self, root: RootSecret, clock: Clock) -> TokenSigner:
        """Signs under the secret of now."""
        return JwtSigner(root.keys("jwt"), clock)


def _revealed(secret: Secret | None) -> str | None:
    return None if secret is None else secret.reveal()
