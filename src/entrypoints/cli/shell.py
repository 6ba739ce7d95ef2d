"""`soty shell`: Python with the application inside; `await` works at the prompt."""

import ast
import asyncio
import code
import inspect
import re
import readline
import rlcompleter
import sys
import traceback
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from types import CodeType, FunctionType, SimpleNamespace
from typing import Any

import click
from dishka import AsyncContainer

from core.kernel.actor import Actor, ActorKind
from core.kernel.clock import Clock
from core.kernel.ids import Ids
from entrypoints.cli.inside import inside
from entrypoints.cli.operators import operator
from entrypoints.cli.options import profile_option
from entrypoints.shared.fault import Exit
from entrypoints.shared.modules import MODULES
from entrypoints.shared.settings import Settings

try:
    from IPython.terminal.interactiveshell import TerminalInteractiveShell
except ImportError:
    TerminalInteractiveShell = None

AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
PROMPT = "<console>"
AT_HAND = """Python {python}, profile {profile}. Ctrl+D leaves. At hand:
  use          every use case by its name: await use.list_warehouses(actor)
  actor        you, with every permission
  get          what the container has: await get(Clock)
  settings     those in force
  clock, ids   the ports Clock and Ids
Use cases: {names}"""

Namespace = dict[str, Any]
Run = Callable[[Coroutine[Any, Any, None]], None]


@click.command()
@click.option("-c", "--code", "source", metavar="CODE", help="Run this and leave.")
@profile_option
def shell(source: str | None, profile: str | None) -> int:
    """Open a prompt, or run CODE, on the database of these settings or of a running `soty up`."""
    stack = AsyncExitStack()
    with asyncio.Runner() as runner:
        try:
            names = runner.run(_names(*runner.run(stack.enter_async_context(inside(profile, "shell")))))
            if source is None:
                _prompt(names, runner.run)
            else:
                runner.run(evaluate(compile(source, "<code>", "exec", flags=AWAIT), names))
        finally:
            runner.run(stack.aclose())
    return Exit.OK


async def evaluate(compiled: CodeType, names: Namespace) -> None:
    """Run code that may await.

    :param compiled: by ``compile`` with the flag for ``await`` outside functions.
    :param names: what it sees, and where it leaves its own.
    """
    result = FunctionType(compiled, names)()
    if inspect.iscoroutine(result):
        await result


async def _names(settings: Settings, container: AsyncContainer) -> Namespace:
    kinds = [kind for module in MODULES for kind in module.use_cases]
    permissions = frozenset(permission for module in MODULES for permission in module.permissions)
    return {
        "__name__": "__console__",
        "use": SimpleNamespace(**{_snake(kind.__name__): await container.get(kind) for kind in kinds}),
        "actor": Actor(ActorKind.SERVICE, operator(None).name, permissions),
        "get": container.get,
        "settings": settings,
        "clock": await container.get(Clock),
        "ids": await container.get(Ids),
    }


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _prompt(names: Namespace, run: Run) -> None:
    """That of IPython where it is installed; both run lines in our loop."""
    banner = AT_HAND.format(
        python=sys.version.split()[0],
        profile=names["settings"].app.profile,
        names=", ".join(sorted(vars(names["use"]))),
    )
    if TerminalInteractiveShell is not None:
        prompt = TerminalInteractiveShell.instance(user_ns=names, banner1=f"{banner}\n", confirm_exit=False)
        prompt.loop_runner = run
        prompt.show_banner()
        prompt.mainloop()
        return
    readline.set_completer(rlcompleter.Completer(names).complete)
    readline.parse_and_bind("tab: complete")
    Console(names, run).interact(banner, "")


class Console(code.InteractiveConsole):
    """A prompt whose lines may await."""

    def __init__(self, names: Namespace, run: Run) -> None:
        """:param names: what lines see.
        :param run: runs a coroutine to its end.
        """
        super().__init__(names, PROMPT)
        self.compile.compiler.flags |= AWAIT
        self._names = names
        self._run = run

    def runcode(self, code: CodeType) -> None:
        """Run what was read; an error is shown from the line on that caused it, and the prompt stays."""
        try:
            self._run(evaluate(code, self._names))
        except SystemExit:
            raise
        except BaseException as error:
            at = error.__traceback__
            while at is not None and at.tb_frame.f_code.co_filename != PROMPT:
                at = at.tb_next
            self.write("".join(traceback.format_exception(type(error), error, at)))
