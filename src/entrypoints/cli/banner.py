"""What a start prints: addresses last, so that they stay visible."""

import platform
from collections.abc import Iterable, Mapping

from entrypoints.shared.build import RELEASE
from entrypoints.shared.choices import choices
from entrypoints.shared.settings import Settings
from entrypoints.shared.settings_fields import plain


def banner(settings: Settings, lines: Iterable[str], said: Mapping[str, str], seconds: float) -> str:
    """Compose the banner.

    :param settings: settings in force.
    :param lines: lines about servers and ports.
    :param said: by part, its address or words.
    :param seconds: time since the start of the program.
    :returns: the text.
    """
    words = (f"Soty {RELEASE}", f"profile {settings.app.profile}", f"Python {platform.python_version()}")
    head = "   ".join((*words, f"{plain(settings.app.data_dir)}/"))
    parts = f"{'  '.join(said)}   ready   ({settings.app.app_mode})"
    chosen = "  ".join(f"{choice.port}={choice.adapter}" for choice in choices(settings))
    text = [head, *(f"  {line}" for line in lines), f"  adapters   {chosen}", f"  {parts}", ""]
    if "http" in said and settings.security.api_key is None:
        text += [_open_or_closed(settings), ""]
    text += [f"  {name:<10} {address}" for name, address in _addresses(said)]
    return "\n".join([*text, "", f"Ready in {seconds:.1f} s. Ctrl+C stops."])


def _open_or_closed(settings: Settings) -> str:
    if settings.app.profile == "prod":
        return "  Inventory routes are closed: SOTY_API_KEY is not set."
    return "  Inventory routes are open to this machine: SOTY_API_KEY is not set."


def _addresses(said: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    if url := said.get("http"):
        yield "API", f"{url}/docs   also /redoc /openapi.json"
        yield "Health", f"{url}/ops   also /health/ready /metrics"
    if text := said.get("consumer"):
        yield "Consumer", f"{text}/health/ready   also /metrics" if text.startswith("http") else text
    if text := said.get("scheduler"):
        yield "Scheduler", f"{text}/health/ready   also /metrics" if text.startswith("http") else text
