"""What a start prints: addresses last, so that they stay visible."""

import platform
from collections.abc import Iterable, Mapping
from pathlib import Path

from entrypoints.cli.first_owner import DemoOwner
from entrypoints.shared.build import RELEASE
from entrypoints.shared.choices import EMBEDDED, KEY, KEY_FILE, choices
from entrypoints.shared.settings import Settings
from entrypoints.shared.settings_fields import plain

Entrance = str | DemoOwner | None
"""A page that makes the first owner, the owner of a demo, or nothing where there is an owner."""


def banner(
    settings: Settings,
    folder: Path,
    lines: Iterable[str],
    said: Mapping[str, str],
    seconds: float,
    entrance: Entrance = None,
) -> str:
    """Compose the banner.

    :param settings: settings in force.
    :param folder: where a key of our own is kept.
    :param lines: lines about servers and ports.
    :param said: by part, its address or words.
    :param seconds: time since the start of the program.
    :param entrance: how somebody becomes the first owner.
    :returns: the text.
    """
    words = (f"Soty {RELEASE}", f"profile {settings.app.profile}", f"Python {platform.python_version()}")
    head = "   ".join((*words, f"{plain(settings.app.data_dir)}/"))
    parts = f"{'  '.join(said)}   ready   ({settings.app.app_mode})"
    chosen = "  ".join(f"{choice.port}={choice.adapter}" for choice in choices(settings))
    text = [head, *(f"  {line}" for line in lines), f"  adapters   {chosen}", f"  {parts}", ""]
    if "http" in said and settings.security.api_key is None:
        text += ["  Nobody has a service key: SOTY_API_KEY is not set.", ""]
    text += [f"  {name:<10} {address}" for name, address in _addresses(said, mail=_keeps_mail(settings))]
    if "http" in said and settings.origin(KEY) == EMBEDDED:
        text.append(f"  {'Key':<10} export {KEY}=$(cat {plain(folder / KEY_FILE)})")
    text += [f"  {name:<10} {words}" for name, words in _entrances(settings, said, entrance)]
    return "\n".join([*text, "", f"Ready in {seconds:.1f} s. Ctrl+C stops."])


def _keeps_mail(settings: Settings) -> bool:
    return settings.app.profile != "prod" and settings.mail.gateway() is None


def _addresses(said: Mapping[str, str], *, mail: bool) -> Iterable[tuple[str, str]]:
    if url := said.get("http"):
        yield "API", f"{url}/docs   also /redoc /openapi.json"
        yield "Health", f"{url}/ops   also /health/ready /metrics"
        if mail:
            yield "Mail", f"{url}/dev/mail   nothing leaves this machine"
    if text := said.get("consumer"):
        yield "Consumer", f"{text}/health/ready   also /metrics" if text.startswith("http") else text
    if text := said.get("scheduler"):
        yield "Scheduler", f"{text}/health/ready   also /metrics" if text.startswith("http") else text


def _entrances(settings: Settings, said: Mapping[str, str], entrance: Entrance) -> Iterable[tuple[str, str]]:
    if isinstance(entrance, str):
        yield "Set up", f"{said['http']}{entrance}   makes the first owner, once"
    elif entrance is not None:
        yield "Owner", f"{entrance.login}   password {entrance.password}"
        yield "", f"API key {entrance.key}"
    elif "http" in said and settings.app.profile == "memory" and settings.security.owner_email is None:
        yield "Owner", "export SOTY_OWNER_EMAIL=you@example.com SOTY_OWNER_PASSWORD=…   makes the first one at start"
