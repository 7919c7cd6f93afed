"""Digests of a set of small runs, one a line: what has to stay equal when code is moved, and over Python versions.

python tools/digests.py           run, and print what was run and its digest
python tools/digests.py FILE      the same, and end with 1 where a line differs from those in FILE

All columns of the residents after every month, the ledger, accounts, projects and monthly record under several rules,
and what the laboratory's residents did under one draw of the parameters.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from commsim.model import CommunityModel
from commsim.plugin_host.loader import load_catalogue
from commsim.randomness import Draws
from commsim.record import record_run
from commsim.scenario import load_scenario
from commsim.store.tables import table_digest
from commsim.validation.catalogue_of_facts import FACTS
from commsim.validation.uncertainty import parameter_draws
from commsim.world.build import build_world

RULES = (
    "basic.none",
    "basic.same_money_services",
    "basic.needs_weighted",
    "match.linear:rate=1+cap:share=0.5",
    "seed.provision_point",
    "qf.pairwise",
    "panel.trimmed",
    "pb.greedy_votes",
    "pb.mes",
    "lottery.weighted",
)
SCENARIOS = ("tutorial", "building-trial")
LAB_SEEDS = (1, 2)
TABLES = ("monthly", "projects", "ledger", "accounts")


def of_runs() -> Iterator[tuple[str, str]]:
    """What was run and its digest, for each scenario, rule and kind of record."""
    catalogue = load_catalogue()
    for name in SCENARIOS:
        scenario = load_scenario(name)
        world = build_world(scenario, Draws(scenario.seed))
        for written in RULES:
            rules = {fund.id: catalogue.make(fund.rule.id, dict(fund.rule.params)) for fund in scenario.funds}
            rule = catalogue.make_written(written)
            rules[scenario.fund_under_comparison.id] = rule
            model = CommunityModel(world, scenario, rules, Draws(scenario.seed))
            residents = hashlib.sha256()
            while model.month < scenario.months:
                model.step()
                seen = model.residents.seen_by("reader")
                for column in sorted(model.residents.columns):
                    residents.update(column.encode() + np.ascontiguousarray(getattr(seen, column)).tobytes())
            yield f"{name} {written} residents", residents.hexdigest()
            record = record_run(
                model, rule=written, rule_id=rule.id, parameters={}, title=rule.title, seed=scenario.seed, replicate=0
            )
            for table in TABLES:
                yield f"{name} {written} {table}", table_digest(getattr(record, table))


def of_laboratory() -> Iterator[tuple[str, str]]:
    """Each fact and the digest of its statistics under the first draw of the parameters."""
    (values,) = parameter_draws(1, seed=1)
    for fact in FACTS:
        if fact.drawn:  # the others run whole districts
            rows = [sorted(fact.simulate(seed, values).items()) for seed in LAB_SEEDS]
            yield f"laboratory {fact.id}", hashlib.sha256(repr(rows).encode()).hexdigest()


def main(expected: Path | None = None) -> int:
    """Print the lines; returns 1 where they differ from those of the file."""
    lines = [f"{what}: {digest[:32]}" for what, digest in (*of_runs(), *of_laboratory())]
    print("\n".join(lines))
    if expected is None:
        return 0
    differing = set(lines) ^ set(expected.read_text(encoding="utf-8").splitlines())
    for line in sorted(differing):
        print(f"differs: {line}", file=sys.stderr)
    return int(bool(differing))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
