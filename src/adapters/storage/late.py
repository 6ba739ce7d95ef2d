"""Libraries that are large and seldom needed."""

from importlib import import_module
from typing import Any


class Late:
    """Stands for a module, which is loaded when something of it is first asked for.

    Not by ``importlib.util.LazyLoader``: its modules are loaded by whoever walks through ``sys.modules``, as
    ``inspect`` does.
    """

    def __init__(self, name: str) -> None:
        """:param name: of the module."""
        self._name = name

    def __getattr__(self, name: str) -> Any:
        """What the module has under a name.

        :raises ImportError: there is no such module.
        """
        return getattr(import_module(self._name), name)
