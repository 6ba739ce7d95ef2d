"""The tree keeps every rule of the house."""

from pathlib import Path

import pytest

from tests.arch.rules.catalogue import RULES, Rule

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_tree_keeps(rule: Rule) -> None:
    broken = rule(ROOT)
    assert not broken, f"{rule.__doc__}\n" + "\n".join(broken)
