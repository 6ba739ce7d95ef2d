"""The cases of identity in the order in which they run; each is in a file of its own."""

from typing import Any

from benchmarks.cases import Case
from benchmarks.identity.cases import budgets, me, refresh, sign_in

CASES: tuple[Case[Any], ...] = (budgets.CASE, me.CASE, refresh.CASE, sign_in.CASE)
