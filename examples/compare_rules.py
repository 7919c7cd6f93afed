"""Compare three ways of handing out the same fund, on the same residents with the same luck.

python examples/compare_rules.py
"""

import commsim
from commsim.store.results import write_comparison

INDICATORS = ("net_drawn_in", "volunteer_hours", "cost_per_added_participant")


def main() -> None:
    """Print what each rule changes against having no fund, and write every table."""
    scenario = commsim.load_scenario("tutorial", ["months=13"])
    rules = ["basic.equal_split", "match.linear:rate=1", "pb.greedy_votes"]
    comparison = commsim.compare(scenario, rules=rules, replicates=2, workers=1)

    table = comparison.table()
    shown = table[table["indicator"].isin(INDICATORS)]
    print(shown[["rule", "indicator", "difference", "low", "high", "n"]].to_string(index=False))
    print("All of it:", write_comparison(comparison))


if __name__ == "__main__":  # without it, worker processes (workers=2) would start the script over again
    main()
