"""The whole laboratory in its quick form, through the command line: every fact is told, held or not."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

KEYS = {"fact", "range", "simulated", "interval", "held", "fitted"}
FITTED_AND_FIRM = {1, 2, 5, 10}
"""Rows that were fitted and hold in every draw of the full form; the quick form has to see them hold as well."""


@pytest.mark.study
def test_the_quick_form_tells_all_thirteen_facts(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "commsim", "lab", "--quick", "--json", "--out", str(tmp_path / "lab")],
        capture_output=True,
        text=True,
        check=True,
    )
    facts = json.loads(done.stdout)["facts"]
    assert len(facts) == 13
    for number, fact in enumerate(facts, start=1):
        assert set(fact) >= KEYS
        if number in FITTED_AND_FIRM:
            assert fact["held"] and fact["fitted"], fact
    assert {"index.html", "facts.parquet"} <= {path.name for path in (tmp_path / "lab").iterdir()}
    page = (tmp_path / "lab" / "index.html").read_text(encoding="utf-8")
    assert page.index("No study measures the causal effect") < page.index("<table")
