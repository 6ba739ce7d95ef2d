"""What the outside may rely on, and what adapters promise to the core."""

import pytest

pytest.register_assert_rewrite("contracts.ports")
