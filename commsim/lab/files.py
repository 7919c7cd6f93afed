"""Experiments as YAML files: arms, people, replicates; checked with file and line before anything runs.

title: A match offer
protocol: Appeal
common: {base_rate: 0.018, usual_gift: 45.5}
arms:
  control: {}
  match: {match_rate: 1}
population: {n: 20000, seed: 1}
replicates: 30
seed: 1

Every problem of a file is told at once, at the line of the key that is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from commsim.errors import InvalidInput
from commsim.i18n import Text, _
from commsim.lab import checks
from commsim.lab.appeal import Appeal
from commsim.lab.diffusion import Diffusion
from commsim.lab.experiment import Experiment
from commsim.lab.field_kinds import Kind, Made, Whole, brief
from commsim.lab.file_networks import network_of
from commsim.lab.fundraiser import Fundraiser, Organisation
from commsim.lab.measured_effects import kernel_parameters
from commsim.lab.message import Message
from commsim.lab.population import COLUMNS, Population
from commsim.lab.protocol import Protocol
from commsim.lab.public_goods import PublicGoodsGame, Punishment
from commsim.lab.recruitment import Recruitment
from commsim.lab.vote import Vote
from commsim.registry import Registry
from commsim.scenario.marked_yaml import Node, read_yaml
from commsim.scenario.problems import InvalidFile, Problem
from commsim.suggestions import did_you_mean_or_known, listing, nearest_names

PROTOCOLS: Registry[type[Protocol]] = Registry(
    _("protocol"),
    _("protocols"),
    lambda protocol: protocol.__name__,
    (PublicGoodsGame, Appeal, Message, Diffusion, Recruitment, Vote, Fundraiser),
)
REPLICATES, SEED = 30, 1
"""Replicates and seed of a file that does not give them."""
_KEYS = ("title", "protocol", "common", "arms", "population", "replicates", "seed", "parameters")
_SPELLED = {"return": "return_", "matched_from": "match_from", "matched_until": "match_until"}
_PARTS: dict[str, type[Any]] = {"punishment": Punishment, "organisation": Organisation}
_NOT_IN_FILES = ("population",)


@dataclass(frozen=True)
class ExperimentFile:
    """An experiment as its file describes it. `population` None: every replicate draws people of its own."""

    title: str
    experiment: Experiment
    population: Population | None
    replicates: int
    seed: int


def load_experiment(path: str | Path) -> ExperimentFile:
    """Read and check an experiment. Raises InvalidFile with file, line and path of everything that is wrong."""
    checks.value("load_experiment", "path", path, Made((str, Path), _("a path")))
    document = read_yaml(Path(path))
    if document.problems:
        raise InvalidFile(document.problems)
    return _Reader(document.root).experiment(Path(path).stem)


@dataclass(frozen=True)
class _Entry:
    """A value of an arm: the path at which it is written (below `arms` or `common`) and its node."""

    path: str
    node: Node


Entries = Mapping[str, _Entry]


@dataclass(frozen=True)
class _Arm:
    """An arm as it is written: its name, node and entries by field (those of `common` among them)."""

    name: str
    node: Node
    entries: Entries

    @property
    def path(self) -> str:
        """Where it stands in the file."""
        return f"arms.{self.name}"

    def place(self, field: str) -> tuple[Node, str]:
        """Node and path of a field (`by_round.0.match_rate`), as far as it is written; else those of the arm."""
        first, *rest = field.split(".")
        if first not in self.entries:
            return self.node, self.path
        node, path = self.entries[first].node, self.entries[first].path
        for part in rest:
            below = _below(node, part)
            if below is None:
                break
            node, path = below, f"{path}.{part}"
        return node, path


def _below(node: Node, part: str) -> Node | None:
    if isinstance(node.value, list) and part.isdigit() and int(part) < len(node.value):
        return node.value[int(part)]
    return node.value.get(part) if isinstance(node.value, dict) else None


class _Reader:
    """Reads one file and collects what is wrong with it."""

    def __init__(self, root: Node) -> None:
        self.root = root
        self.problems: dict[Problem, None] = {}
        self.parts: dict[Any, Node] = root.value if isinstance(root.value, dict) else {}

    def experiment(self, stem: str) -> ExperimentFile:
        """The experiment. Raises InvalidFile with all that is wrong."""
        self.is_mapping(self.root, "")
        self.stop()
        for key, node in self.parts.items():
            if key not in _KEYS:
                self.wrong(node, str(key), _("unknown key. {hint}").format(hint=did_you_mean_or_known(str(key), _KEYS)))
        title = self.title(stem)
        replicates, seed = self.number("replicates", REPLICATES, Whole(1)), self.number("seed", SEED, Whole(0))
        parameters, arms = self.parameters(), self.arms()
        protocols = {arm.name: self.protocol(arm) for arm in arms}
        population = self.population(parameters)
        self.stop()
        experiment = self.whole(
            {name: protocol for name, protocol in protocols.items() if protocol is not None}, parameters
        )
        self.check_people(experiment, arms, population, replicates, seed)
        return ExperimentFile(title, experiment, population, replicates, seed)

    def title(self, stem: str) -> str:
        """The title, by default the name of the file."""
        node = self.parts.get("title")
        if node is None:
            return stem
        if isinstance(node.value, bool) or not isinstance(node.value, str | int | float):
            self.wrong(node, "title", _("a text was expected; {came} came").format(came=brief(node.plain())))
        return str(node.value)

    def number(self, key: str, default: int, kind: Kind) -> int:
        """A whole number at the top of the file."""
        node = self.parts.get(key)
        if node is None:
            return default
        text = kind.problem(node.plain())
        if text is None:
            return int(node.value)
        self.wrong(node, key, text)
        return default

    def parameters(self) -> dict[str, float]:
        """Registry values that differ, each checked at its own line."""
        node = self.parts.get("parameters")
        if node is None or node.value is None or not self.is_mapping(node, "parameters"):
            return {}
        good: dict[str, float] = {}
        for name, value in node.value.items():
            try:
                kernel_parameters({str(name): value.plain()})
                good[str(name)] = value.plain()
            except InvalidInput as error:
                self.wrong(value, f"parameters.{name}", error.text)
        return good

    def arms(self) -> list[_Arm]:
        """Arms as they are written, with what is common to all."""
        node = self.parts.get("arms")
        if node is None:
            self.wrong(self.root, "arms", _("an experiment needs arms: a name and what is offered in each"))
            return []
        if not self.is_mapping(node, "arms"):
            return []
        if not node.value:
            self.wrong(node, "arms", _("an experiment needs at least one arm; none came"))
        common = self.entries(self.parts.get("common"), "common")
        arms = [
            _Arm(str(name), value, {**common, **self.entries(value, f"arms.{name}")})
            for name, value in node.value.items()
        ]
        for arm in arms:
            if not arm.name.strip():
                self.wrong(arm.node, "arms", _("an arm needs a name that is not empty"))
        return arms

    def entries(self, node: Node | None, path: str) -> dict[str, _Entry]:
        """What is written in an arm or in `common`, by field; a key may be written in two ways, but not in both."""
        if node is None or node.value is None:
            return {}
        if not isinstance(node.value, dict):
            text = _("what is offered was expected, by name, such as {{match_rate: 1}}; {came} came")
            self.wrong(node, path, text.format(came=brief(node.plain())))
            return {}
        found: dict[str, _Entry] = {}
        for key, value in node.value.items():
            field = _SPELLED.get(str(key), str(key))
            if field in found:
                text = _("{key} and {other} are the same; keep one of the two")
                self.wrong(value, f"{path}.{key}", text.format(key=key, other=found[field].path.rpartition(".")[2]))
            found[field] = _Entry(f"{path}.{key}", value)
        return found

    def protocol(self, arm: _Arm) -> Protocol | None:
        """The protocol of an arm; None where something is wrong with it."""
        kind, before = self.kind(arm), len(self.problems)
        if kind is None:
            return None
        known = [name for name in kind.kinds if name not in _NOT_IN_FILES]
        values: dict[str, Any] = {}
        for field, entry in arm.entries.items():
            if field == "protocol":
                continue
            if field not in known:
                text = _("{who} takes no {name!r}. {hint}")
                hint = did_you_mean_or_known(field, known)
                self.wrong(entry.node, entry.path, text.format(who=kind.__name__, name=field, hint=hint))
                continue
            try:
                values[field] = _value(field, entry.node)
            except InvalidInput as error:
                self.wrong_in(arm, f"{field}.{getattr(error, 'field', '')}", error.text)
        protocol = kind(**values)
        for problem in checks.problems(protocol):
            self.wrong_in(arm, problem.field, problem.text)
        if len(self.problems) == before:
            self.checked(arm, protocol.check_values)
        return protocol

    def kind(self, arm: _Arm) -> type[Protocol] | None:
        """The protocol's class that an arm, `common` or the file names."""
        top = self.parts.get("protocol")
        entry = arm.entries.get("protocol") or (_Entry("protocol", top) if top is not None else None)
        named = None if entry is None else entry.node.plain()
        if isinstance(named, str) and named in PROTOCOLS:
            return PROTOCOLS[named]
        near = nearest_names(named, PROTOCOLS.names) if isinstance(named, str) else ()
        text = _("a protocol was expected, one of {known}; {came} came")
        if near:
            text = _("a protocol was expected, one of {known}; {came} came. Did you mean {near}?")
        elif entry is None:
            text = _("no protocol is named; add protocol: one of {known}")
        node, path = (self.root, "protocol") if entry is None else (entry.node, entry.path)
        self.wrong(node, path, text.format(known=listing(PROTOCOLS.names), came=brief(named), near=listing(near)))
        return None

    def population(self, parameters: Mapping[str, float]) -> Population | None:
        """The people, if the file describes them."""
        node = self.parts.get("population")
        if node is None or not self.is_mapping(node, "population"):
            return None
        if "n" not in node.value:
            self.wrong(node, "population.n", _("a population needs n, the number of people"))
            return None
        known = ("n", "seed", *COLUMNS)
        unknown = [name for name in node.value if name not in known]
        for name in unknown:
            text = _("a population has no {name!r}. {hint}")
            hint = did_you_mean_or_known(str(name), known)
            self.wrong(node.value[name], f"population.{name}", text.format(name=name, hint=hint))
        if unknown:
            return None
        given = node.plain()
        try:
            return Population.sample(given.pop("n"), given.pop("seed", 1), parameters, **given)
        except InvalidInput as error:
            field = getattr(error, "field", "")
            below = node.value.get(field)
            self.wrong(below or node, f"population.{field}" if below else "population", error.text)
            return None

    def whole(self, protocols: Mapping[str, Protocol], parameters: Mapping[str, float]) -> Experiment:
        """The experiment of arms that are good by themselves."""
        try:
            return Experiment(protocols, parameters)
        except InvalidInput as error:
            name = getattr(error, "field", "")
            node = self.parts["arms"]
            below = node.value.get(name)
            self.wrong(below or node, f"arms.{name}" if below else "arms", error.text)
            raise InvalidFile(self.problems) from error

    def check_people(
        self, experiment: Experiment, arms: list[_Arm], population: Population | None, replicates: int, seed: int
    ) -> None:
        """Refuse people that an arm does not fit, and more rows than there may be."""
        try:
            people = experiment.people_of(population, seed, 0)
        except InvalidInput as error:
            self.wrong(self.root, "population", error.text)
            raise InvalidFile(self.problems) from error
        for arm in arms:
            self.checked(arm, partial(experiment.arms[arm.name].check, people[arm.name]))
        self.stop()
        try:
            experiment.check(population, replicates, seed)
        except InvalidInput as error:
            key = "replicates" if getattr(error, "field", "") in self.parts else "arms"
            self.wrong(self.parts[key], key, error.text)
        self.stop()

    def checked(self, arm: _Arm, check: Callable[[], None]) -> None:
        """What a check of an arm refuses, at the line of the field that it names."""
        try:
            check()
        except InvalidInput as error:
            self.wrong_in(arm, getattr(error, "field", ""), error.text)

    def is_mapping(self, node: Node, path: str) -> bool:
        """Whether it is one; told where it is not."""
        if not isinstance(node.value, dict):
            text = _("names with values were expected; {came} came")
            self.wrong(node, path, text.format(came=brief(node.plain())))
        return isinstance(node.value, dict)

    def wrong_in(self, arm: _Arm, field: str, text: Text) -> None:
        """Something is wrong with a field of an arm."""
        node, path = arm.place(field)
        self.wrong(node, path, text)

    def wrong(self, node: Node, path: str, text: Text) -> None:
        """Something is wrong; what several arms have in common is told once."""
        self.problems[Problem(node.place.file, node.place.line, path, text)] = None

    def stop(self) -> None:
        """Raise what was found, in the order of the file."""
        if self.problems:
            raise InvalidFile(sorted(self.problems, key=lambda problem: problem.line))


def _value(field: str, node: Node) -> Any:
    """Values that stand for objects: networks, punishment, an organisation, offers by round. Raises InvalidField."""
    if field == "network" and node.value is not None:
        return network_of(node)
    if field in _PARTS and isinstance(node.value, dict):
        return _PARTS[field](**{str(key): value for key, value in node.plain().items()})
    plain = node.plain()
    return tuple(plain) if field == "by_round" and isinstance(plain, list) else plain
