"""A rule of one's own: half of what is asked to everyone, the smallest ask first, until the money is gone.

python examples/rule_of_your_own.py
"""

import numpy as np

import commsim
from commsim.contracts import Award, Bilingual, Rule
from commsim.rules import evaluate


class HalfToAll(Rule):
    """Half of each ask, beginning with the smallest."""

    id = "mine.half_to_all"
    title = Bilingual(en="Half to all", zh="各给一半")

    def settle(self, view):
        """Whole fen for each proposal, at most its ask, and a sentence for each."""
        half = view.proposals.ask // 2
        order = np.argsort(half, kind="stable")
        spent = np.cumsum(half[order])
        paid = np.zeros(len(half), dtype=np.int64)
        paid[order] = np.where(spent <= view.budget, half[order], 0)
        return Award(paid=paid, reasons=tuple("half of the ask" if fen else "the money was gone" for fen in paid))


def main() -> None:
    """Try the rule on a dictionary (amounts in yuan), then in the model beside a built-in one."""
    print(evaluate(HalfToAll, {"budget": 5000, "projects": {"garden": 4000, "lamps": 3000, "choir": 8000}}))
    scenario = commsim.load_scenario("tutorial", ["months=13"])
    comparison = commsim.compare(scenario, rules=[HalfToAll, "basic.equal_split"], replicates=1, workers=1)
    table = comparison.table().query("indicator == 'net_drawn_in'")
    print(table[["rule", "mean", "difference"]].to_string(index=False))


if __name__ == "__main__":
    main()
