"""A small invented comparison, made once, and its page."""

from __future__ import annotations

import pytest

from commsim.report.page import comparison_page
from commsim.study.comparison import Comparison
from tests.report.fake import RULES, fake_comparison


@pytest.fixture(scope="session")
def comparison() -> Comparison:
    """All shipped rules on four replicates of ten invented committees."""
    return fake_comparison(replicates=4, committees=10, months=30)


@pytest.fixture(scope="session")
def small() -> Comparison:
    """Two rules on three replicates: enough to draw."""
    return fake_comparison(replicates=3, rules=RULES[3:5], committees=6, months=30)


@pytest.fixture(scope="session")
def page(comparison: Comparison) -> str:
    """The comparison's page."""
    return comparison_page(comparison)
