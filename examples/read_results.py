"""Read a results folder: its tables are Parquet, which DuckDB queries as they lie there.

python examples/read_results.py [FOLDER]     without a folder, a small run is made first
"""

import json
import sys
from pathlib import Path

import duckdb

import commsim
from commsim.record import RunResult
from commsim.store.results import write_run


def small_run() -> RunResult:
    """Thirteen months of the tutorial under a match."""
    return commsim.simulate(commsim.load_scenario("tutorial", ["months=13"]), rule="match.linear", seed=1)


def main() -> None:
    """What was run, its indicators, and what moved between whom."""
    folder = Path(sys.argv[1]) if sys.argv[1:] else write_run(small_run())
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    print(folder, "·", manifest["kind"], "· seed", manifest["seed"])
    print(duckdb.sql(f"SELECT rule, indicator, value, unit FROM '{folder.as_posix()}/summary.parquet' LIMIT 8"))
    moved = f"""
        SELECT purpose, count(*) AS postings, sum(fen) / 100 AS yuan
        FROM '{folder.as_posix()}/ledger-*.parquet' GROUP BY purpose ORDER BY yuan DESC
    """
    print(duckdb.sql(moved))


if __name__ == "__main__":
    main()
