"""Fixtures of all tests."""

pytest_plugins = [
    "tests.support.servers",
    "tests.support.valkey",
    "tests.support.browser",
    "tests.support.summary",
    "tests.support.program",
    "tests.support.kit",
    "tests.support.promises",
]
