"""The pages that list the settings: `.env.example` and the reference."""

from entrypoints.shared.settings import ALIASES, PROFILES
from entrypoints.shared.settings_fields import Field, fields, plain

HEAD = """# Settings

Written by `./soty reference --write`; `./soty check` compares it with the code.

Order: command option, then environment, then the file that `<NAME>_FILE` points to (a Docker or Kubernetes secret),
then `.env` beside `soty` (dev profile only, never overrides), then the default of the profile. An empty value counts as
unset. An unknown `SOTY_*` name stops the start with the nearest known one; all wrong settings are reported together
with exit code 3. `./soty config show --origin` tells what is in force and why.

| name | default | in prod | meaning |
|---|---|---|---|
"""
ENV_HEAD = """# Settings of Soty, written by `./soty reference --write`. Copy to .env and uncomment what you change.
# .env is read in the dev profile only and never overrides the environment.
"""


def reference() -> str:
    """The page that lists every setting."""
    return HEAD + "".join(map(_row, fields()))


def example() -> str:
    """A file of settings to copy, with every one commented out."""
    return ENV_HEAD + "".join(f"\n# {field.description}\n#{field.name}={field.sample}\n" for field in fields())


def _row(field: Field) -> str:
    aliases = [alias for alias, name in ALIASES.items() if name == field.name]
    notes = [field.description]
    notes += [f"One of {', '.join(f'`{word}`' for word in field.choices)}."] if field.choices else []
    notes += [f"Like `{field.example}`."] if field.example else []
    notes += [f"Also read as {', '.join(f'`{alias}`' for alias in aliases)}."] if aliases else []
    notes += [
        f"In {name}: `{texts[field.name]}`."
        for name, texts in PROFILES.items()
        if field.name in texts and name != "prod"
    ]
    anchor = f'<a id="{field.name.lower()}"></a>`{field.name}`'
    return f"| {anchor} | {_cell(plain(field.default))} | {_cell(_in_prod(field))} | {' '.join(notes)} |\n"


def _in_prod(field: Field) -> str:
    return "prod" if field.name == "SOTY_PROFILE" else PROFILES["prod"].get(field.name, plain(field.default))


def _cell(text: str) -> str:
    return f"`{text}`" if text else "–"
