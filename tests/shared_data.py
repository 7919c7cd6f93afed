"""The folder of real data beside the project, for tests that check against it. Nothing of it is in the project."""

from __future__ import annotations

from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
SHARED_DATA = PROJECT.parent / "shared" / "data"
REASON = "needs the shared data folder (../shared/data beside the project)"


def require_shared_data(*parts: str) -> Path:
    """The path of a file or folder in the shared data; skips the test, with the reason, where it is absent.

    Under continuous integration such a skip is a failure if the folder itself exists (`tests/conftest.py`).
    """
    path = SHARED_DATA.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"{REASON}: {'/'.join(parts) or 'the folder'} is not there", allow_module_level=True)
    return path
