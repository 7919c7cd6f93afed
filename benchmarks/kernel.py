"""What the behavioural kernel costs at 1.1 million residents, in passes over its own columns.

A pass is one read-and-write of every column that the kernel reads (the ratio says more than seconds on another
machine). Measured: the month in which everybody's place has a round open, and an ordinary month. Run with
`python -m benchmarks.kernel`.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from commsim.model import CommunityModel
from commsim.plugin_host.loader import load_catalogue
from commsim.randomness import Draws
from commsim.scenario import load_scenario
from commsim.world.build import build_world

COLUMNS = (
    "age known role belief trust_committee trust_fund efficacy habit free_hours giving_capacity schedule_base "
    "schedule_slope schedule_peak needs building committee household group"
).split()
KERNEL = ("mobilisation", "contribution", "visibility")
"""The steps of a month that go over all residents: who is asked, who says yes to what, who learns of it."""
REPEATS = 5


def seconds(work: Callable[[], object]) -> float:
    """Median time of `work` over a few repeats."""
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return float(np.median(times))


def main() -> int:
    """Prints the time of the kernel's three steps in a campaign month and an ordinary one, in passes."""
    scenario = load_scenario("jingan-2017", ["funds.self_governance.coverage=[]"])
    draws, catalogue = Draws(1), load_catalogue()
    rules = {fund.id: catalogue.make(fund.rule.id, fund.rule.params) for fund in scenario.funds}
    model = CommunityModel(build_world(scenario, draws), scenario, rules, draws)
    residents = model.residents.seen_by("reader")
    columns = [np.array(getattr(residents, name)) for name in COLUMNS]
    one_pass = seconds(lambda: [column + column.dtype.type(1) for column in columns])
    print(f"one pass over {len(columns)} columns of {len(model.residents):,} residents: {one_pass:.3f} s")
    kernel = [process for process in model.processes if process.name in KERNEL]
    spent: dict[int, float] = {}
    for process in kernel:
        process.step = _timed(process.step, model, spent)  # type: ignore[method-assign]
    while model.month < scenario.month_of("2017-10"):
        model.step()
    for words, date in (("ordinary month, 2016-10", "2016-10"), ("campaign month, 2017-05", "2017-05")):
        used = spent[scenario.month_of(date)]
        print(f"{words}: {used:.3f} s, {used / one_pass:.1f} passes")
    return 0


def _timed(step: Callable[..., None], model: CommunityModel, spent: dict[int, float]) -> Callable[..., None]:
    def timed(*given: object) -> None:
        began = time.perf_counter()
        step(*given)
        spent[model.month] = spent.get(model.month, 0.0) + time.perf_counter() - began

    return timed


if __name__ == "__main__":
    raise SystemExit(main())
