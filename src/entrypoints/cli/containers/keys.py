"""The service key of a machine where nobody set one."""

import msgspec

from adapters.security.root_secret import kept_secret
from core.kernel.secret import Secret
from entrypoints.shared.choices import EMBEDDED, KEY, KEY_FILE, needs_key
from entrypoints.shared.settings import Settings


def with_key(settings: Settings) -> Settings:
    """Settings with a service key: the one that was set, or one of our own, which the data directory keeps.

    In prod there is none but the one that was set.
    """
    if not needs_key(settings):
        return settings
    key = Secret(kept_secret(settings.app.data_dir / KEY_FILE))
    security = msgspec.structs.replace(settings.security, api_key=key)
    return msgspec.structs.replace(settings, security=security, origins={**settings.origins, KEY: EMBEDDED})
