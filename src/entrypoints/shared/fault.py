"""The one form in which the program tells a person what is wrong."""

from collections.abc import Iterable
from enum import IntEnum

from msgspec import Struct


class Exit(IntEnum):
    """Exit codes of the `soty` program."""

    OK = 0
    FAILED = 1
    USAGE = 2
    SETTINGS = 3
    SERVICE_DOWN = 4


class Fault(Struct, frozen=True):
    """One thing that is wrong: what, where, how to mend it, where to read more."""

    error: str
    where: str = ""
    fix: str = ""
    more: str = ""

    def __str__(self) -> str:
        lines = [f"error: {self.error}"]
        lines += [
            f"  {label:<6} {text}"
            for label, text in (("where:", self.where), ("fix:", self.fix), ("more:", self.more))
            if text
        ]
        return "\n".join(lines)


class FaultError(Exception):
    """One or more faults that end the command."""

    def __init__(self, faults: Iterable[Fault], code: Exit = Exit.FAILED) -> None:
        """:param faults: everything that is wrong, in the order to show.
        :param code: exit code of the program.
        """
        self.faults = tuple(faults)
        self.code = code
        super().__init__("\n".join(map(str, self.faults)))
