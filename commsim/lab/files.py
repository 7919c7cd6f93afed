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
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import networkx

from commsim.errors import InvalidInput
from commsim.i18n import Text, _
from commsim.lab.appeal import Appeal
from commsim.lab.diffusion import Diffusion
from commsim.lab.experiment import Experiment
from commsim.lab.fundraiser import Fundraiser, Organisation
from commsim.lab.message import Message
from commsim.lab.population import Population
from commsim.lab.protocol import Protocol
from commsim.lab.public_goods import PublicGoodsGame, Punishment
from commsim.lab.recruitment import Recruitment
from commsim.lab.vote import Vote
from commsim.scenario.marked_yaml import Node, read_yaml
from commsim.scenario.problems import InvalidFile, Problem, did_you_mean

PROTOCOLS: dict[str, type[Protocol]] = {
    one.__name__: one for one in (PublicGoodsGame, Appeal, Message, Diffusion, Recruitment, Vote, Fundraiser)
}
NETWORKS = ("watts_strogatz_graph", "random_regular_graph", "barabasi_albert_graph", "complete_graph", "grid_2d_graph")
"""networkx generators that a file may name: `network: {watts_strogatz_graph: {n: 100, k: 6, p: 0.1, seed: 1}}`."""
_KEYS = ("title", "protocol", "common", "arms", "population", "replicates", "seed", "parameters")
_SPELLED = {"return": "return_", "matched_from": "match_from", "matched_until": "match_until"}


@dataclass(frozen=True)
class ExperimentFile:
    """An experiment as its file describes it."""

    title: str
    experiment: Experiment
    population: Population | None
    replicates: int
    seed: int


def load_experiment(path: str | Path) -> ExperimentFile:
    """Read and check an experiment. Raises InvalidFile with file and line, InvalidInput for impossible values."""
    document = read_yaml(Path(path))
    if document.problems:
        raise InvalidFile(document.problems)
    root = document.root
    _mapping(root, "")
    for key in root.value:
        if key not in _KEYS:
            raise _wrong(root.value[key], str(key), _("unknown key. {hint}").format(hint=did_you_mean(str(key), _KEYS)))
    if "arms" not in root.value:
        raise _wrong(root, "arms", _("an experiment needs arms: a name and what is offered in each"))
    plain: dict[str, Any] = root.plain()
    _mapping(root.value["arms"], "arms")
    arms = {str(name): _arm(str(name), node, root, plain) for name, node in root.value["arms"].value.items()}
    parameters = plain.get("parameters") or {}
    experiment = Experiment(arms, parameters)
    population = _population(root, plain, parameters)
    return ExperimentFile(
        str(plain.get("title", Path(path).stem)),
        experiment,
        population,
        plain.get("replicates", 30),
        plain.get("seed", 1),
    )


def _arm(name: str, node: Node, root: Node, plain: Mapping[str, Any]) -> Protocol:
    given = {**(plain.get("common") or {}), **((node.plain() or {}) if node.value is not None else {})}
    kind = given.pop("protocol", plain.get("protocol"))
    if kind not in PROTOCOLS:
        text = _("a protocol was expected: one of {known}; {kind!r} came")
        raise _wrong(node, f"arms.{name}", text.format(known=", ".join(PROTOCOLS), kind=kind))
    protocol = PROTOCOLS[kind]
    known = {field.name for field in fields(protocol)} - {"population", "_"}  # type: ignore[arg-type]
    values = {_SPELLED.get(key, key): value for key, value in given.items()}
    for key in values:
        if key not in known:
            text = _("{kind} has no field {key!r}. {hint}")
            hint = did_you_mean(key, tuple(known))
            raise _wrong(node, f"arms.{name}", text.format(kind=kind, key=key, hint=hint))
    try:
        return protocol(**{key: _value(key, value) for key, value in values.items()})
    except (TypeError, networkx.NetworkXError) as error:
        raise _wrong(node, f"arms.{name}", Text(str(error).replace("{", "{{").replace("}", "}}"))) from error
    except InvalidInput as error:
        raise _wrong(node, f"arms.{name}", error.text) from error


def _value(key: str, value: Any) -> Any:
    """Values that stand for objects: networks, punishment, an organisation, offers by round."""
    if key == "network" and isinstance(value, Mapping):
        ((generator, arguments),) = value.items()
        if generator not in NETWORKS:
            text = _("a network generator was expected: one of {known}; {name!r} came")
            raise InvalidInput(text.format(known=", ".join(NETWORKS), name=generator))
        return getattr(networkx, generator)(**arguments)
    if key == "punishment" and isinstance(value, Mapping):
        return Punishment(**value)
    if key == "organisation" and isinstance(value, Mapping):
        return Organisation(**value)
    return tuple(value) if key == "by_round" and isinstance(value, list) else value


def _population(root: Node, plain: Mapping[str, Any], parameters: Mapping[str, float]) -> Population | None:
    if "population" not in root.value:
        return None
    node = root.value["population"]
    _mapping(node, "population")
    given = dict(plain["population"])
    if "n" not in given:
        raise _wrong(node, "population.n", _("a population needs n, the number of people"))
    try:
        return Population.sample(given.pop("n"), given.pop("seed", 1), parameters, **given)
    except InvalidInput as error:
        raise _wrong(node, "population", error.text) from error


def _mapping(node: Node, path: str) -> None:
    if not isinstance(node.value, dict):
        raise _wrong(node, path, _("names with values were expected"))


def _wrong(node: Node, path: str, text: Text) -> InvalidFile:
    return InvalidFile([Problem(node.place.file, node.place.line, path, text)])
