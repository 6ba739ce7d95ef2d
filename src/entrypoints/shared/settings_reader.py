"""Reads the settings of a process and reports everything that is wrong at once."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from entrypoints.shared.fault import Exit, Fault, FaultError
from entrypoints.shared.settings import ROOT, Settings
from entrypoints.shared.settings_fields import Field, decode, fields
from entrypoints.shared.settings_rules import broken_rules
from entrypoints.shared.settings_sources import Raw, gather

SHOWN = 60


def read(
    environ: Mapping[str, str], options: Mapping[str, str] | None = None, *, root: Path = ROOT, i_know: bool = False
) -> Settings:
    """Read all settings: command option, environment, `SOTY_*_FILE`, `.env` (dev only), profile, default.

    :param environ: the process environment.
    :param options: values given on the command line, by setting name.
    :param root: directory of `.env`.
    :param i_know: lets the dev profile listen beyond loopback.
    :returns: the settings, which know where each came from.
    :raises FaultError: when anything is wrong, with everything that is.
    """
    known = fields()
    gathered = gather(environ, options or {}, [field.name for field in known], root / ".env")
    faults = gathered.faults
    values: dict[str, dict[str, object]] = {}
    for field in known:
        if raw := gathered.raws.get(field.name):
            try:
                values.setdefault(field.section, {})[field.key] = field.parse(raw.text)
            except ValueError as error:
                faults.append(_wrong(field, raw, error))
    settings = msgspec.convert(values, Settings, dec_hook=decode)
    blamed = {fault.more for fault in faults}
    faults += [fault for fault in broken_rules(settings, i_know=i_know) if fault.more not in blamed]
    if faults:
        raise FaultError(faults, Exit.SETTINGS)
    origins = {name: raw.origin for name, raw in gathered.raws.items()}
    return msgspec.structs.replace(settings, origins=origins)


def _wrong(field: Field, raw: Raw, error: ValueError) -> Fault:
    text = "***" if field.secret else raw.text[:SHOWN]
    return Fault(
        error=f'{field.name} is wrong: "{text}" ({str(error)[: SHOWN * 2]})',
        where=f"{raw.origin}, wanted {field.wanted}",
        fix=f"export {field.name}={field.sample}   or unset it",
        more=field.more,
    )
