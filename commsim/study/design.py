"""What a comparison will run: its arms, its replicates, and the chunks in which they are handed out.

A chunk is all arms of one replicate. Its world is built once, where the chunk runs, and shared by the arms.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from commsim.contracts import Rule
from commsim.errors import InvalidInput, UsageError
from commsim.i18n import _
from commsim.study.arms import Arm, make_arm
from commsim.study.counterfactuals import NO_FUND, with_ballots, with_counterfactuals
from commsim.study.simulation import ENGINE, Engine

if TYPE_CHECKING:
    from commsim.plugin_host.catalogue import Catalogue
    from commsim.scenario import Scenario

DEFAULT_BASELINE = NO_FUND
ALL_RULES = "all"
"""Stands for every rule of the catalogue, plugins included."""
DEFAULT_RULES = (
    "basic.none",
    "basic.same_money_services",
    "basic.equal_split",
    "basic.per_capita",
    "basic.needs_weighted",
    "match.linear",
    "seed.provision_point",
    "pb.greedy_votes",
)
DEFAULT_REPLICATES = 5


@dataclass(frozen=True)
class Chunk:
    """Work that is handed out as one: some arms (positions in the design, usually all) of one replicate."""

    replicate: int
    arms: tuple[int, ...]


@dataclass(frozen=True)
class Design:
    """A comparison before it is run. The baseline is the first arm."""

    scenario: Scenario
    arms: tuple[Arm, ...]
    replicates: int
    seed: int
    engine: Engine = ENGINE

    @property
    def baseline(self) -> Arm:
        """The arm that all others are compared with."""
        return self.arms[0]

    @property
    def chunks(self) -> tuple[Chunk, ...]:
        """One chunk a replicate."""
        return tuple(Chunk(replicate, tuple(range(len(self.arms)))) for replicate in range(self.replicates))


def make_design(
    scenario: Scenario,
    rules: Sequence[str | Rule | type[Rule]] | None,
    replicates: int | None,
    baseline: str | Rule | type[Rule],
    seed: int | None,
    catalogue: Catalogue,
    engine: Engine = ENGINE,
    counterfactuals: bool = True,
) -> Design:
    """The design of a comparison, checked before anything runs. See `commsim.study.compare` for the arguments.

    Raises RuleError for an unknown rule or parameter, InvalidInput for the same arm twice or fewer than one replicate,
    UsageError where no arm is left but the baseline.
    """
    number = DEFAULT_REPLICATES if replicates is None else replicates
    if number < 1:
        raise InvalidInput(_("a comparison needs at least 1 replicate; {number} came").format(number=number))
    chosen = _chosen(rules, catalogue)
    if ALL_RULES in chosen:
        library = tuple(entry.id for entry in catalogue.list())
        chosen = library + tuple(rule for rule in chosen if rule != ALL_RULES and rule not in library)
    first = make_arm(baseline, scenario, catalogue)
    others = [make_arm(rule, scenario, catalogue) for rule in chosen]
    labels = [arm.label for arm in others]
    twice = sorted({label for label in labels if labels.count(label) > 1})
    if twice:
        raise InvalidInput(_("these rules are given twice: {rules}. Give each once").format(rules=", ".join(twice)))
    arms = (first, *(arm for arm in others if arm.label != first.label))
    if len(arms) == 1:
        raise UsageError(
            _(
                "only the baseline, {rule}, is left to compare with itself; name another rule or another baseline"
            ).format(rule=first.label)
        )
    arms = with_ballots(arms, catalogue)
    if counterfactuals:
        arms = with_counterfactuals(arms, scenario, catalogue)
    return Design(scenario, arms, number, scenario.seed if seed is None else seed, engine)


def _chosen(rules: Any, catalogue: Catalogue) -> tuple[Any, ...]:
    """The rules asked for, one by one; a single one needs no list. Of the usual ones those that are loaded."""
    if rules is None:
        return tuple(rule for rule in DEFAULT_RULES if rule in catalogue)
    # What is neither a list nor a rule is refused with its type where its arm is made.
    return tuple(rules) if isinstance(rules, Iterable) and not isinstance(rules, str | Rule | type) else (rules,)


def must_travel(design: Design) -> None:
    """Make sure that the arms can be sent to another process.

    Raises InvalidInput where a Rule object cannot be pickled, or its class cannot be imported by a process that starts
    anew (a notebook, `python -c`), saying what to do instead.
    """
    for arm in design.arms:
        if arm.rule is None:
            continue
        try:
            pickle.dumps(arm.rule)
            if _in_main(arm.rule) and not _has_file(sys.modules["__main__"]):
                raise ImportError(f"{type(arm.rule).__name__} is defined in __main__, which is no file")
        except Exception as error:
            raise InvalidInput(
                _(
                    "rule {rule} cannot be sent to worker processes ({error}). Put its class into a file and load it "
                    "with --plugin or load_catalogue, or use workers=1"
                ).format(rule=arm.label, error=error)
            ) from error


def lives_in_main(design: Design) -> bool:
    """Whether a rule's class is defined in the script that was started, which workers then have to import."""
    return any(_in_main(arm.rule) for arm in design.arms if arm.rule is not None)


def can_travel(design: Design) -> bool:
    """Whether any process can import every rule of the design; a class of the user's own script or cell is not sure."""
    try:
        must_travel(design)
    except InvalidInput:
        return False
    return not lives_in_main(design)


def _in_main(rule: Rule) -> bool:
    from commsim.calling.modified_rule import plain_rule

    return type(plain_rule(rule)).__module__ == "__main__"


def _has_file(module: Any) -> bool:
    return os.path.exists(getattr(module, "__file__", None) or "")
