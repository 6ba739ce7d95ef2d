"""A test of a port that fails says which promise is broken, before it says how."""

from collections.abc import Generator
from inspect import getdoc, getsourcefile, getsourcelines
from pathlib import Path
from typing import Any

import pytest
from _pytest._code.code import ExceptionChainRepr, ReprEntryNative

from entrypoints.shared.settings import ROOT

SUITES = "contracts.ports."


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Put the promise into the report, and leave out the traceback of what is only not written yet."""
    report = yield
    if not isinstance(item, pytest.Function) or not report.failed or call.excinfo is None:
        return report
    suite = _suite_of(item)
    if suite is None or not isinstance(report.longrepr, ExceptionChainRepr):
        return report
    promise, told = _promise(item), _first_line(call.excinfo.value)
    text = f"promise broken: {promise}\n  suite:   {_about(suite, item)}\n  adapter: {told}"
    if call.excinfo.errisinstance(NotImplementedError):
        report.longrepr.reprtraceback.reprentries = [ReprEntryNative([f"{text}\n"])]
    else:
        report.longrepr.addsection("promise", text)
    if report.longrepr.reprcrash is not None:
        report.longrepr.reprcrash.message = f"promise broken: {promise}; {told}"
    return report


def _suite_of(item: pytest.Function) -> type | None:
    """The class of contracts/ports that a test comes from."""
    classes = item.cls.__mro__ if item.cls is not None else ()
    name = item.function.__name__
    return next((cls for cls in classes if cls.__module__.startswith(SUITES) and name in vars(cls)), None)


def _promise(item: pytest.Function) -> str:
    words = getdoc(item.function) or item.function.__name__.removeprefix("test_").replace("_", " ")
    return words.splitlines()[0].rstrip(".")


def _about(suite: type, item: pytest.Function) -> str:
    file, line = Path(getsourcefile(suite) or ""), getsourcelines(item.function)[1]
    where = file.relative_to(ROOT) if file.is_relative_to(ROOT) else file
    return f"{suite.__name__}, {where}:{line}"


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
