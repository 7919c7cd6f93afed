"""What every test shares: the shared-data fixture, the settings of hypothesis, and no silent skip where data exists."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.shared_data import SHARED_DATA, require_shared_data

# Two cores are shared by many jobs, so a slow example is no failure; on CI the examples are the same every time.
settings.register_profile("commsim", deadline=None)
settings.register_profile("commsim-ci", deadline=None, derandomize=True)
settings.load_profile("commsim-ci" if os.environ.get("CI") else "commsim")


@pytest.fixture
def shared_data() -> Path:
    """The folder of shared data; the test is skipped where it is absent."""
    return require_shared_data()


def _may_not_be_skipped(report: pytest.TestReport | pytest.CollectReport, marked: bool) -> bool:
    if not (report.skipped and os.environ.get("CI") and SHARED_DATA.is_dir()):
        return False
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return marked or "shared data" in reason or "shared/data" in reason


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """On CI, a test that needs the shared data and was skipped although the folder exists has failed."""
    report = yield
    if _may_not_be_skipped(report, item.get_closest_marker("data") is not None):
        report.outcome = "failed"
        report.longrepr = f"skipped although {SHARED_DATA} exists: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a module that skips itself as a whole."""
    report = yield
    if _may_not_be_skipped(report, marked=False):
        report.outcome = "failed"
        report.longrepr = f"skipped although {SHARED_DATA} exists: {report.longrepr}"
    return report
