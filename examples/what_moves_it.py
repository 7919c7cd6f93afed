"""Which parameters move what a fund does: each of the path's parameters at the ends of its range, one at a time.

python examples/what_moves_it.py            a small sample of the district, a quarter of an hour on two cores
python examples/what_moves_it.py --quick    four made-up committees and five parameters, to see how it works

What moves is the net number of adults whom the fund draws in, for every 1,000 adults: with the fund and without it on
the same residents with the same luck. The doubt that this shows is about one parameter at a time.
"""

import sys
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial

import pandas as pd

import commsim
from commsim.randomness import Draws
from commsim.scenario.registry import load_registry
from commsim.world.build import build_world
from commsim.world.records import World

RULE = "basic.needs_weighted"
FAMILIES = (
    *("amount", "appraisal", "belief", "bidding", "delivery", "deliberation", "groups", "habit", "initiating"),
    *("mobilisation", "partners", "projects", "visibility", "yes"),
)
SAMPLE = ("population.one_in=40", "months=48")
QUICK = ("mobilisation.call", "mobilisation.team_hours", "initiating.active", "yes.habit", "visibility.contact")


@cache
def world_of(scenario: str, changes: tuple[str, ...], seed: int) -> World:
    """The residents, which the parameters of these families do not change."""
    loaded = commsim.load_scenario(scenario, list(changes))
    return build_world(loaded, Draws(seed))


Setting = tuple[str, tuple[str, ...], tuple[int, ...]]
"""Scenario, what is changed in it, seeds."""


def net_drawn_in(setting: Setting, parameter: str, value: float) -> float:
    """Adults in the headline with the fund less those without it, for every 1,000 adults, mean over seeds."""
    scenario, changes, seeds = setting
    found = []
    for seed in seeds:
        world = world_of(scenario, changes, seed)
        changed = [*changes, f"parameters.{parameter}={value}"] if parameter else [*changes]
        loaded = commsim.load_scenario(scenario, changed)
        adults = [
            commsim.simulate(loaded, rule, seed=seed, world=world).values["giving_or_starting_share"]
            for rule in (RULE, "basic.none")
        ]
        found.append(1000.0 * (adults[0] - adults[1]))
    return sum(found) / len(found)


def main() -> None:
    """A row for each parameter, the one that moves most first."""
    quick = "--quick" in sys.argv
    scenario, changes, seeds = ("tutorial", ("months=13",), (1,)) if quick else ("jingan-pilot", SAMPLE, (1, 2))
    registry = load_registry()
    names = QUICK if quick else [name for name in registry if name.split(".")[0] in FAMILIES]
    names = [name for name in names if registry[name].distribution != "fixed"]
    tasks = [("", 0.0)] + [(name, end) for name in names for end in (registry[name].low, registry[name].high)]
    with ProcessPoolExecutor(max_workers=2) as pool:
        found = list(pool.map(partial(net_drawn_in, (scenario, changes, seeds)), *zip(*tasks, strict=True)))
    at = dict(zip(tasks, found, strict=True))
    rows = [
        {"parameter": name, "low": low, "high": high, "at low": at[name, low], "at high": at[name, high]}
        for name in names
        for low, high in ((registry[name].low, registry[name].high),)
    ]
    table = pd.DataFrame(rows)
    table["moves by"] = (table["at high"] - table["at low"]).abs()
    print(f"net drawn in per 1,000 adults by the fund under {RULE} on {scenario}, at the defaults: {found[0]:.2f}")
    print(table.sort_values("moves by", ascending=False).head(12).round(2).to_string(index=False))


if __name__ == "__main__":
    main()
