"""Where the texts of settings come from, and in which order."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

from msgspec import Struct

from entrypoints.shared.fault import Fault
from entrypoints.shared.settings import ALIASES, PROFILES
from entrypoints.shared.settings_fields import PAGE

FILE = "_FILE"


class Raw(Struct, frozen=True):
    """The text of one setting and where it was found."""

    text: str
    origin: str


class Gathered(Struct, frozen=True):
    """All texts by setting name, and what was wrong on the way."""

    raws: dict[str, Raw]
    faults: list[Fault]
    profile: str


def gather(environ: Mapping[str, str], options: Mapping[str, str], names: Iterable[str], dotenv: Path) -> Gathered:
    """Collect the text of every setting; the earlier source wins.

    :param environ: the process environment; empty values count as unset.
    :param options: values of the command line, by setting name.
    :param names: the settings that exist.
    :param dotenv: file read in the dev profile only.
    :returns: texts by name, with unknown names and unreadable files as faults.
    """
    known = set(names)
    faults: list[Fault] = []
    raws = {name: Raw(text, "command option") for name, text in options.items()}
    _merge(raws, _named(environ, known, "environment", faults))
    _merge(raws, _secret_files(environ, known, faults))
    if _profile(raws) == "dev" and dotenv.is_file():
        _merge(raws, _named(_lines(dotenv), known, f"{dotenv.name} file", faults))
    profile = _profile(raws)
    _merge(raws, {name: Raw(text, f"profile {profile}") for name, text in PROFILES.get(profile, {}).items()})
    if profile == "prod" and "SOTY_KAFKA_BOOTSTRAP" not in raws:
        _merge(raws, {"SOTY_APP_MODE": Raw("webhook_only", "profile prod without brokers")})
    return Gathered(raws, faults, profile)


def _merge(raws: dict[str, Raw], weaker: Mapping[str, Raw]) -> None:
    for name, raw in weaker.items():
        raws.setdefault(name, raw)


def _profile(raws: Mapping[str, Raw]) -> str:
    return raws["SOTY_PROFILE"].text if "SOTY_PROFILE" in raws else "dev"


def _named(source: Mapping[str, str], known: set[str], origin: str, faults: list[Fault]) -> dict[str, Raw]:
    found = {name: Raw(text, origin) for name, text in source.items() if name in known and text}
    for alias, name in ALIASES.items():
        if source.get(alias):
            found.setdefault(name, Raw(source[alias], f"{origin} as {alias}"))
    faults.extend(_unknown(name, known, origin) for name in source if _is_ours(name, known))
    return found


def _is_ours(name: str, known: set[str]) -> bool:
    return name.startswith("SOTY_") and name not in known and name.removesuffix(FILE) not in known


def _unknown(name: str, known: set[str], origin: str) -> Fault:
    near = get_close_matches(name, sorted(known), n=1)
    return Fault(
        error=f"{name} is not a setting of Soty",
        where=origin,
        fix=f"use {near[0]}, or unset {name}" if near else f"unset {name}",
        more=PAGE,
    )


def _secret_files(environ: Mapping[str, str], known: set[str], faults: list[Fault]) -> dict[str, Raw]:
    found: dict[str, Raw] = {}
    for name in known:
        path = environ.get(name + FILE)
        if not path:
            continue
        try:
            found[name] = Raw(Path(path).read_text(encoding="utf-8").strip(), f"{name}{FILE} {path}")
        except (OSError, UnicodeDecodeError) as error:
            faults.append(
                Fault(
                    error=f"{name}{FILE} cannot be read: {path!r} ({getattr(error, 'strerror', None) or 'not UTF-8'})",
                    where="environment",
                    fix=f"make the file readable, or unset {name}{FILE}",
                    more=f"{PAGE}#{name.lower()}",
                )
            )
    return found


def _lines(dotenv: Path) -> dict[str, str]:
    return dict(_pairs(dotenv.read_text(encoding="utf-8").splitlines()))


def _pairs(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        name, sign, text = line.strip().removeprefix("export ").partition("=")
        if sign and not name.startswith("#"):
            yield name.strip(), text.strip().strip("'\"")
