"""The list of settings that exist, drawn from the Structs that hold them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct

from core.kernel.secret import Secret
from entrypoints.shared.settings import PREFIXES, ROOT, Settings

PAGE = "docs/reference/settings.md"


class Field(Struct, frozen=True):
    """One setting: its name, where it lives and how its text is read."""

    name: str
    section: str
    key: str
    hint: Any
    default: Any
    description: str
    example: str

    @property
    def more(self) -> str:
        """:returns: where the settings page speaks about it."""
        return f"{PAGE}#{self.name.lower()}"

    @property
    def sample(self) -> str:
        """:returns: a value that would be right."""
        return self.example or plain(self.default)

    @property
    def wanted(self) -> str:
        """:returns: words that tell what is right."""
        return f"one of {', '.join(self.choices)}" if self.choices else f"like {self.sample}"

    @property
    def choices(self) -> tuple[str, ...]:
        """:returns: the allowed words, empty when anything of the type is."""
        inner = get_args(self.hint)[0]
        return tuple(map(str, get_args(inner))) if get_origin(inner) is Literal else ()

    @property
    def secret(self) -> bool:
        """:returns: whether the value is kept out of reports."""
        return Secret in _leaves(self.hint)

    def parse(self, text: str) -> object:
        """Read the value.

        :param text: what the environment or an option says.
        :returns: a value of the type of the field.
        :raises ValueError: when the text does not fit.
        """
        raw: object = [part.strip() for part in text.split(",")] if tuple in _leaves(self.hint) else text
        return msgspec.convert(raw, self.hint, strict=False, dec_hook=decode)


def decode(kind: type, value: object) -> object:
    """Build the types that msgspec does not know.

    :param kind: the wanted type.
    :param value: the raw value.
    :returns: an instance of `kind`.
    """
    return value if isinstance(value, kind) else kind(value)


def plain(value: object) -> str:
    """Write a value as the environment would hold it, secrets masked.

    :param value: the value of a setting.
    :returns: its text, empty for an unset one.
    """
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return str(value.relative_to(ROOT)) if isinstance(value, Path) and value.is_relative_to(ROOT) else str(value)


def fields() -> tuple[Field, ...]:
    """List every setting in the order of the page.

    :returns: the settings of all sections.
    """
    hints = get_type_hints(Settings)
    return tuple(field for section, prefix in PREFIXES.items() for field in _fields_of(section, hints[section], prefix))


def _fields_of(section: str, struct: type[Struct], prefix: str) -> Iterator[Field]:
    hints = get_type_hints(struct, include_extras=True)
    for spec in msgspec.structs.fields(struct):
        hint = hints[spec.name]
        meta = next(part for part in hint.__metadata__ if isinstance(part, msgspec.Meta) and part.description)
        yield Field(
            name=prefix + spec.name.upper(),
            section=section,
            key=spec.name,
            hint=hint,
            default=spec.default,
            description=meta.description or "",
            example=str((meta.examples or [""])[0]),
        )


def _leaves(hint: Any) -> set[object]:
    """Every type that an annotation names; words of a Literal and Meta have no arguments and do no harm."""
    return {get_origin(hint) or id(hint) if not isinstance(hint, type) else hint}.union(*map(_leaves, get_args(hint)))
