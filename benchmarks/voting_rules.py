"""Voting rules on a large made election, and side by side with pabutools at a size that it can do.

python -m benchmarks.voting_rules
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from commsim.authoring.sample_rounds import made_round
from commsim.calling.call import call_rule
from commsim.contracts import Choices
from commsim.plugin_host.loader import load_catalogue
from commsim.plugins.shared.profile import Election, Profile

LARGE = (1_000, 100_000, 10)  # projects, voters, approvals each
BESIDE = (50, 1_000, 5)
RULES: dict[str, tuple[str, dict[str, Any]]] = {
    "greedy": ("pb.greedy_no_skip", {}),
    "sequential Phragmén": ("pb.seq_phragmen", {}),
    "equal shares": ("pb.mes", {"completion": "none"}),
    "equal shares, add1": ("pb.mes", {"completion": "add1"}),
}


def made(projects: int, voters: int, approvals: int) -> Election:
    """An election with unequal popularity; costs of 5,000 to 200,000 yuan, a budget of 100 yuan a voter."""
    luck = np.random.default_rng(1)
    popular = np.log(luck.pareto(1.5, projects) + 0.2)
    marks = [
        np.argpartition(-(popular + luck.gumbel(size=(size, projects))), approvals, axis=1)[:, :approvals]
        for size in np.diff([*range(0, voters, 5_000), voters])
    ]
    marked = np.sort(np.concatenate(marks), axis=1).ravel().astype(np.int32)
    ballots = Choices(np.arange(voters + 1) * approvals, marked, np.ones(marked.size, np.int64))
    cost = luck.integers(5_000, 200_000, projects) * 100
    cost = np.maximum(cost * voters // 100_000, 100)
    return Election(Profile.of(ballots, projects), tuple(cost.tolist()), voters * 100 * 100, tuple(range(projects)))


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds, and what `work` returned."""
    began = time.perf_counter()
    found = work()
    return time.perf_counter() - began, found


def main() -> int:
    """Print a line for each rule: seconds at the large size (for funding, so many donors); then ratios to pabutools."""
    catalogue = load_catalogue(entry_points=False)
    election = made(*LARGE)
    for name, (rule_id, params) in RULES.items():
        rule: Any = catalogue.make(rule_id, params)
        seconds, decision = timed(lambda rule=rule: rule.decide(election))
        print(f"{name:22} {LARGE[0]:,} × {LARGE[1]:,}: {seconds:7.2f} s, {len(decision.chosen)} winners", flush=True)
    funding = catalogue.make("qf.clr")
    seconds, _award = timed(partial(call_rule, funding, "settle", made_round(funding, 0, size=LARGE[:2])))
    print(f"{'quadratic funding':22} {LARGE[0]:,} × {LARGE[1]:,}: {seconds:7.2f} s", flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**30 if sys.platform == "darwin" else 2**20)
    print(f"peak memory, making the election included: {peak:.2f} GiB")
    return beside(catalogue)


def beside(catalogue: Any) -> int:
    """The same election in both programs. Returns 1 where the winners differ."""
    try:
        from pabutools.election import ApprovalBallot, ApprovalProfile, Cost_Sat, Instance, Project
        from pabutools.rules import method_of_equal_shares, sequential_phragmen
    except ImportError:
        print("pabutools is not installed: no comparison")
        return 0
    election = made(*BESIDE)
    projects = [Project(f"p{one:04d}", cost) for one, cost in enumerate(election.cost)]
    instance = Instance(projects, budget_limit=election.budget)
    rows = np.split(election.profile.column, np.cumsum(np.bincount(election.profile.row))[:-1])
    profile = ApprovalProfile([ApprovalBallot(projects[one] for one in row) for row in rows])
    theirs = {
        "equal shares": lambda: method_of_equal_shares(instance, profile, sat_class=Cost_Sat),
        "sequential Phragmén": lambda: sequential_phragmen(instance, profile),
    }
    differ = 0
    for name, work in theirs.items():
        rule_id, params = RULES[name]
        rule: Any = catalogue.make(rule_id, params)
        ours, decision = timed(lambda rule=rule: rule.decide(election))
        other, found = timed(work)
        same = {projects[one].name for one in decision.chosen} == {project.name for project in found}
        differ |= not same
        print(f"{name:22} {BESIDE[0]} × {BESIDE[1]:,}: {other / ours:,.0f} times as fast as pabutools; same: {same}")
    return int(differ)


if __name__ == "__main__":
    sys.exit(main())
