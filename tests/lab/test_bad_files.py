"""Claims about files of the laboratory: every problem is told with its line and path, and a file means one thing."""

from __future__ import annotations

from pathlib import Path

import pytest

from commsim.lab import Experiment, PublicGoodsGame
from commsim.lab.files import load_experiment
from commsim.scenario.problems import InvalidFile


def _file(folder: Path, text: str) -> Path:
    path = folder / "x.yaml"
    path.write_text(text, encoding="utf-8")
    return path


APPEAL = "protocol: Appeal\npopulation: {n: 20}\n"
GAME = "protocol: PublicGoodsGame\narms:\n"
SPREAD = "protocol: Diffusion\narms:\n  a:\n    network:\n"


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        (APPEAL + "arms: {a: 5}\n", ["3: arms.a: what is offered was expected"]),
        (APPEAL + "arms: {a: [1]}\n", ["3: arms.a: what is offered was expected"]),
        (APPEAL + "arms: []\n", ["3: arms: names with values"]),
        (APPEAL + "arms: {}\n", ["3: arms: an experiment needs at least one arm"]),
        (APPEAL, ["1: arms: an experiment needs arms"]),
        (APPEAL + "common: 5\narms: {a: }\n", ["3: common: what is offered was expected"]),
        (APPEAL + "common:\n  base_rate: 2\narms: {a: , b: }\n", ["4: common.base_rate: Appeal: base_rate must be"]),
        (APPEAL + "arms:\n  a:\n    match_rate: x\n", ["5: arms.a.match_rate: Appeal: match_rate must be a number"]),
        (APPEAL + "arms:\n  a: {matchrate: 1}\n", ["4: arms.a.matchrate: Appeal takes no 'matchrate'. Did you mean"]),
        (APPEAL + "arms:\n  a: {goal: 5, lead_gift: 9}\n", ["4: arms.a.lead_gift: Appeal: lead_gift (9)"]),
        (APPEAL + "arms:\n  a: {by_round: 5}\n", ["4: arms.a.by_round: Appeal: by_round must be a sequence"]),
        (
            APPEAL + "arms:\n  a:\n    rounds: 2\n    by_round:\n      - {}\n      - {matchrate: 1}\n",
            ["8: arms.a.by_round.1.matchrate: Appeal.by_round takes no 'matchrate'"],
        ),
        ("protocol: [Appeal]\narms: {a: }\n", ["1: protocol: a protocol was expected"]),
        ("protocol: appeal\narms: {a: }\n", ["1: protocol: a protocol was expected", "Did you mean Appeal"]),
        ("arms: {a: }\n", ["1: protocol: no protocol is named"]),
        (APPEAL + "arms:\n  a:\n  b: {protocol: Message}\n", ["5: arms.b: arm 'a' is of the protocol Appeal"]),
        (APPEAL + "arms: {a: }\nparameters: 5\n", ["4: parameters: names with values"]),
        (APPEAL + "arms: {a: }\nparameters:\n  yes.seen: 99\n", ["5: parameters.yes.seen: yes.seen must lie between"]),
        (APPEAL + "arms: {a: }\nparameters:\n  yes.sen: 1\n", ["5: parameters.yes.sen: there is no parameter"]),
        (APPEAL + "arms: {a: }\ntitle: [a]\n", ["4: title: a text was expected"]),
        (APPEAL + "arms: {a: }\nreplicats: 5\n", ["4: replicats: unknown key. Did you mean replicates"]),
        (APPEAL + "arms: {a: }\nreplicates: many\nseed: -1\n", ["4: replicates: must be a whole", "5: seed: must be"]),
        (
            APPEAL + "arms: {a: }\nreplicates: 1000000000000\n",
            ["4: replicates: Experiment:", "20,000,000,000,000 rows"],
        ),
        ("protocol: Appeal\narms: {a: }\n", ["1: population: this experiment needs people", "population: {n: 1000}"]),
        (
            "protocol: Vote\narms: {a: }\npopulation:\n  n: 20\n  seed: x\n",
            ["5: population.seed: Population.sample: seed"],
        ),
        ("protocol: Vote\narms: {a: }\npopulation:\n  n: 20\n  agee: 5\n", ["5: population.agee:", "Did you mean age"]),
        (
            "protocol: Vote\narms: {a: }\npopulation:\n  n: 20\n  age: 500\n",
            ["5: population.age: column 'age' must lie"],
        ),
        ("protocol: Vote\narms: {a: }\npopulation: {seed: 1}\n", ["3: population.n: a population needs n"]),
        (GAME + "  a: {return: 0.4, return_: 0.3}\n", ["3: arms.a.return_: return_ and return are the same"]),
        (GAME + "  a: {punishment: strong}\n", ["3: arms.a.punishment: PublicGoodsGame: punishment must be"]),
        (GAME + "  a: {punishment: [1]}\n", ["3: arms.a.punishment: PublicGoodsGame: punishment must be"]),
        (GAME + "  a:\n    punishment:\n      cots: 1\n", ["5: arms.a.punishment.cots: Punishment takes no 'cots'"]),
        (GAME + "  a: {information: no}\n", ["3: arms.a.information: PublicGoodsGame: information must be true"]),
        (GAME + "  a:\npopulation: {n: 3}\n", ["3: arms.a: PublicGoodsGame needs 140 people; the population has 3"]),
        (
            "protocol: Fundraiser\narms: {a: {organisation: 5}}\n",
            ["2: arms.a.organisation: Fundraiser: organisation must"],
        ),
        (
            SPREAD + "      {}\n    seeds: 2.5\n",
            ["4: arms.a.network: a network takes one", "6: arms.a.seeds: Diffusion"],
        ),
        (SPREAD + "      path_graph: {n: 3}\n      cycle_graph: {n: 3}\n", ["4: arms.a.network: a network takes one"]),
        (SPREAD + "      watts_graph: {n: 3}\n", ["there is no network generator 'watts_graph'. Did you mean"]),
        (SPREAD + "      path_graph: 5\n", ["5: arms.a.network.path_graph: path_graph takes arguments by name"]),
        (
            SPREAD + "      path_graph: {nn: 5}\n",
            ["5: arms.a.network.path_graph.nn: path_graph takes no 'nn'. Did you"],
        ),
        (SPREAD + "      path_graph: {n: ten}\n", ["5: arms.a.network.path_graph.n: path_graph: n must be a whole"]),
        (SPREAD + "      path_graph: {n: 1000001}\n", ["n must be a whole number from 0 to 1,000,000"]),
        (
            SPREAD + "      complete_graph: {n: 100000}\n",
            ["5: arms.a.network.complete_graph: complete_graph would take"],
        ),
        (SPREAD + "      watts_strogatz_graph: {n: 9}\n", ["watts_strogatz_graph needs k, p"]),
        (SPREAD + "      watts_strogatz_graph: {n: 9, k: 2, p: 2}\n", ["p must be a number from 0 to 1"]),
        (SPREAD + "      random_regular_graph: {d: 3, n: 9}\n", ["5: arms.a.network.random_regular_graph:", "even"]),
        (SPREAD + "      edges:\n        - [0, 1]\n        - [1, x]\n", ["7: arms.a.network.edges.1: edges are pairs"]),
        (SPREAD + "      edges: [[0, 1]]\n      nodes: 1\n", ["6: arms.a.network.nodes: nodes must be a whole number"]),
        (
            SPREAD + "      path_graph: {n: 9}\n    seeds: 10\n",
            ["6: arms.a.seeds: Diffusion: 10 seeds came for 9 people"],
        ),
        (
            SPREAD + "      path_graph: {n: 9}\npopulation: {n: 20}\n",
            ["4: arms.a.network: Diffusion: the network has 9 nodes, but 20 people take part"],
        ),
    ],
)
def test_a_file_tells_line_and_path_of_every_problem(tmp_path: Path, text: str, problems: list[str]) -> None:
    with pytest.raises(InvalidFile) as caught:
        load_experiment(_file(tmp_path, text))
    for words in problems:
        assert words in str(caught.value)
    assert all(problem.line and problem.path and problem.text.to("zh") for problem in caught.value.problems)


def test_a_file_tells_all_of_its_problems_at_once_in_their_order(tmp_path: Path) -> None:
    text = APPEAL + "comon: {}\narms:\n  a: {match_rate: x}\n  b: {colour: 1}\nreplicates: 0\nparameters: {x: 1}\n"
    with pytest.raises(InvalidFile) as caught:
        load_experiment(_file(tmp_path, text))
    assert [problem.line for problem in caught.value.problems] == [3, 5, 6, 7, 8]


@pytest.mark.parametrize(
    ("network", "nodes"),
    [
        ("watts_strogatz_graph: {n: 20, k: 4, p: 0.5}", 20),
        ("powerlaw_cluster_graph: {n: 20, m: 2, p: 0.5}", 20),
        ("erdos_renyi_graph: {n: 20, p: 0.2}", 20),
        ("grid_2d_graph: {m: 4, n: 5, periodic: true}", 20),
        ("barbell_graph: {m1: 5, m2: 1}", 11),
        ("connected_caveman_graph: {l: 3, k: 4}", 12),
        ("edges: [[0, 1], [1, 2]]", 3),
        ("{edges: [[0, 1], [1, 2]], nodes: 5}", 5),
    ],
)
def test_a_file_makes_the_same_network_each_time(tmp_path: Path, network: str, nodes: int) -> None:
    path = _file(tmp_path, SPREAD + f"      {network}\n")
    one, other = (load_experiment(path).experiment.arms["a"].network for _time in range(2))
    assert len(one) == nodes and set(one.edges) == set(other.edges)


def test_a_file_without_population_plays_like_run_without_one(tmp_path: Path) -> None:
    loaded = load_experiment(_file(tmp_path, GAME + "  a: {groups: 5}\n  b:\n    groups: 3\nreplicates: 2\nseed: 4\n"))
    assert loaded.population is None and loaded.title == "x"
    same = Experiment({"a": PublicGoodsGame(groups=5), "b": PublicGoodsGame(groups=3)})
    played = loaded.experiment.summary(None, loaded.replicates, loaded.seed)
    assert played.equals(same.summary(replicates=2, seed=4))
