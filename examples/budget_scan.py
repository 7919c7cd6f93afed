"""How participation moves with the size of the fund: the same scenario with one value changed, time after time.

python examples/budget_scan.py
"""

import pandas as pd

import commsim

BUDGETS_YUAN = (1_000, 2_000, 4_000, 8_000)


def main() -> None:
    """A row for each budget: which share of adults gave or started something, their hours, completed projects."""
    rows = []
    for budget in BUDGETS_YUAN:
        changed = [f"funds.self_governance.budget_per_committee_yuan={budget}", "months=13"]
        result = commsim.simulate(commsim.load_scenario("tutorial", changed), rule="pb.greedy_votes", seed=1)
        rows.append(
            {
                "budget (yuan a committee and year)": budget,
                "gave or started something": result.values["giving_or_starting_share"],
                "volunteers' hours": result.values["volunteer_hours"],
                "completed projects": result.values["projects_completed"],
            }
        )
    print(pd.DataFrame(rows).to_string(index=False))


if __name__ == "__main__":
    main()
