"""What `import commsim` gives: a run and a comparison as functions, whose results show themselves in a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from commsim.contracts import Rule
from commsim.service.following import Cancel, Followed, Progress
from commsim.service.results import RuleComparison, Run
from commsim.study.comparison import compare as compared
from commsim.study.design import DEFAULT_BASELINE
from commsim.study.simulation import ENGINE, Engine
from commsim.study.simulation import simulate as simulated

if TYPE_CHECKING:
    from commsim.plugin_host.catalogue import Catalogue
    from commsim.scenario import Scenario
    from commsim.world.records import World


def simulate(
    scenario: Scenario | str | Path,
    rule: str | Rule | type[Rule] | None = None,
    seed: int | None = None,
    replicate: int = 0,
    *,
    catalogue: Catalogue | None = None,
    world: World | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
    engine: Engine = ENGINE,
) -> Run:
    """Run a scenario once.

    Arguments: `scenario`, or the name or path of one; `rule` for the fund under comparison ("match.linear",
    "match.linear:rate=2", a Rule or its class), None for the scenario's own; `seed`, None for the scenario's;
    `replicate`, which luck of that seed (from 0); `catalogue`, the rules that are there; `world`, if it was built
    before for the same scenario, seed and replicate; `progress`, told each month; `cancel`, asked each month.
    Raises RuleError for a rule that is not there or breaks its contract, InvalidInput for a scenario that is wrong,
    Cancelled.
    """
    followed = Followed(progress, cancel)
    return Run(
        simulated(scenario, rule, seed, replicate, catalogue=catalogue, world=world, progress=followed, engine=engine)
    )


def compare(
    scenario: Scenario | str | Path,
    rules: Sequence[str | Rule | type[Rule]] | str | Rule | type[Rule] | None = None,
    replicates: int | None = None,
    *,
    baseline: str | Rule | type[Rule] = DEFAULT_BASELINE,
    seed: int | None = None,
    workers: int | None = None,
    catalogue: Catalogue | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
    engine: Engine = ENGINE,
    counterfactuals: bool = True,
) -> RuleComparison:
    """Run a scenario under several rules for its fund under comparison, each paired with the baseline.

    Arguments: `scenario`, or the name or path of one; `rules` ("id", "id:k=v", Rule objects or classes, or one of them;
    None: the eight that ship first); `replicates`, how many lucks each rule is tried on (None: 5); `baseline`, the rule
    that the others are paired with; `seed`, None for the scenario's; `workers`, processes (None: one a core, 1: this
    process); `catalogue`, the rules that are there; `progress`, told months simulated of all, with a text; `cancel`,
    asked meanwhile; `counterfactuals`, whether no fund, the same money on services and the call without money (for each
    form of ballot that the rules announce) are run too, so that `split()` can tell what of an effect is which.
    A run that fails is among `failures`; the others go on. Raises EveryRunFailed where none is left, and RuleError or
    InvalidInput before anything is run where a rule or a number is wrong, Cancelled where it was called off.
    """
    followed = Followed(progress, cancel)
    return RuleComparison(
        compared(
            scenario,
            [rules] if isinstance(rules, str | Rule | type) else rules,
            replicates,
            baseline=baseline,
            seed=seed,
            workers=workers,
            catalogue=catalogue,
            progress=followed,
            cancel=followed,
            engine=engine,
            counterfactuals=counterfactuals,
        )
    )
