"""Every behavioural or institutional number stands in the parameter registry; code holds arithmetic and definitions.

A literal other than 0, 1 and 2 in the code of the model has to be listed here with what it is. A number that could be
different in another district, or that a study might want to vary, belongs into the registry instead.
"""

import ast
from collections import Counter
from pathlib import Path

import pytest

import commsim
from commsim.model import CommunityModel
from commsim.plugin_host.loader import load_catalogue
from commsim.randomness import Draws
from commsim.scenario import load_scenario
from commsim.scenario.registry import Parameters, load_registry
from commsim.world.build import build_world

HOUSE = Path(commsim.__file__).parent
FOLDERS = ("agents", "behaviour", "community", "processes")
FILES = ("model.py", "ownership.py")
ARITHMETIC = {0, 1, 2}

DEFINITIONS: dict[str, dict[float, str]] = {
    "community/people.py": {10_000: "a month before any history", 12: "months of the indicator's window"},
    "behaviour/acts.py": dict.fromkeys(range(3, 9), "enumeration"),
    "behaviour/amounts.py": {4: "quarters of an hour", 15: "minutes of a quarter"},
    "agents/hours.py": {60: "minutes of an hour"},
    "processes/appraisal.py": {4: "marks run from 1 to 5"},
    "processes/askers.py": {0.5: "what is left after a half-life"},
    "processes/calendar.py": {12: "December"},
    "processes/organisations.py": {1000: "rates are for each thousand people"},
    "processes/groups.py": {4: "years up to which the registry's loss of grown groups holds"},
    "processes/initiators.py": {1000: "rates are for each thousand people"},
    "processes/visibility.py": {0.99: "a share that counts as everybody: the last few would need forever"},
    "processes/recording.py": {24: "months of a new face, by the indicator's definition"},
}


def sources() -> list[Path]:
    return sorted(path for folder in FOLDERS for path in (HOUSE / folder).glob("*.py")) + [
        HOUSE / name for name in FILES
    ]


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.relative_to(HOUSE).as_posix())
def test_no_number_of_the_model_stands_outside_the_registry(path: Path) -> None:
    listed = DEFINITIONS.get(path.relative_to(HOUSE).as_posix(), {})
    found = Counter(
        node.value
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool)
    )
    unexplained = {value for value in found if value not in ARITHMETIC and value not in listed}
    assert not unexplained, f"{path.name}: {unexplained} belong into commsim/scenario/parameters/"
    unused = set(listed) - set(found)
    assert not unused, f"{path.name}: {unused} are listed here and no longer there"


NO_TYPICAL_GRANT = "funds.self_governance.grant_typical_yuan=null"
OFTEN_MISUSED = "parameters.delivery.misuse_a_month=0.1"
GROUPS_OF_PROJECTS = ["parameters.groups.of_project=1", "parameters.groups.members_needed=3"]
OF_BUILDINGS = [
    f"funds.self_governance.{field}" for field in ("level=building", "pool=building", "project_cap_yuan=null")
]
READ_ELSEWHERE = ("money.hour_rate_yuan", "habit.speed", "lab.")
"""Parameters that indicators or the laboratory read, not a run."""


def _read_elsewhere(name: str) -> bool:
    return any(name == other or (other.endswith(".") and name.startswith(other)) for other in READ_ELSEWHERE)


def test_every_parameter_is_read_by_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """A number in the registry that no code reads would be a mechanism that is named but moves nothing."""
    read: set[str] = set()
    plain = Parameters.__getitem__

    def watched(self: Parameters, name: str) -> float:
        read.add(name)
        return plain(self, name)

    monkeypatch.setattr(Parameters, "__getitem__", watched)
    catalogue = load_catalogue()
    for name, rules, overrides in (
        ("tutorial", [entry.id for entry in catalogue.list()], ["months=13", "start=2017-01"]),
        (
            "tutorial",
            ["pb.greedy_votes"],
            ["elections=[2017-06]", "initiators=quota", "months=30", OFTEN_MISUSED, *GROUPS_OF_PROJECTS],
        ),
        ("tutorial", ["match.linear"], ["months=9", "initiators=help_desk", *OF_BUILDINGS]),
        ("jingan-pilot", ["match.linear"], ["months=31", "population.one_in=92", NO_TYPICAL_GRANT]),
    ):
        scenario = load_scenario(name, overrides)
        draws = Draws(3)
        world = build_world(scenario, draws)
        for rule in rules:
            made = {one.id: catalogue.make(one.rule.id, one.rule.params) for one in scenario.funds}
            made[scenario.fund_under_comparison.id] = catalogue.make(rule, {})
            CommunityModel(world, scenario, made, draws).run()
    unread = {name for name in load_registry() if name not in read and not _read_elsewhere(name)}
    assert not unread
