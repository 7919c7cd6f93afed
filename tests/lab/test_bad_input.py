"""Claims about bad input of the laboratory: refused before anything runs, with who, what was expected and what came."""

from __future__ import annotations

import inspect
import pickle
import re
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import networkx
import numpy as np
import pytest

from commsim.errors import InvalidInput
from commsim.lab import (
    Appeal,
    Diffusion,
    Experiment,
    Fundraiser,
    Message,
    Organisation,
    Population,
    Protocol,
    PublicGoodsGame,
    Punishment,
    Recruitment,
    Vote,
    kernel_parameters,
)
from commsim.lab.files import PROTOCOLS

PEOPLE = Population.sample(200, seed=1)
PATH = networkx.path_graph(200)
NAN = float("nan")
DESCRIBED = [*PROTOCOLS, Punishment, Organisation]


def _play(protocol: Protocol, population: Any = PEOPLE) -> None:
    Experiment({"a": protocol}).run(population, replicates=1)


@pytest.mark.parametrize("made", DESCRIBED)
def test_every_field_says_what_it_takes_and_takes_its_own_default(made: type[Any]) -> None:
    assert set(made.kinds) == {field.name for field in fields(made)}
    for field in fields(made):
        assert made.kinds[field.name].problem(field.default) is None


@pytest.mark.parametrize("made", DESCRIBED)
def test_no_field_takes_what_is_of_no_kind(made: type[Any]) -> None:
    for name, kind in made.kinds.items():
        for value in (object(), NAN, -1, "anything else", np.array(["a"])):
            text = kind.problem(value)
            assert text is not None, (name, value)
            assert "inf" not in str(text).replace("information", "") and str(text) != text.to("zh")


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: Appeal(base_rat=0.1), "Appeal takes no 'base_rat'. Did you mean base_rate"),
        (lambda: Message("duty", rounds=2), "Message takes no 'rounds'"),
        (lambda: PublicGoodsGame(punishments=True), "Did you mean punishment"),
        (lambda: Punishment(cots=1), "Did you mean cost"),
        (lambda: Organisation(needs=1), "Did you mean need"),
        (lambda: Experiment({"a": Appeal()}, params={}), "parameters"),
        (lambda: Experiment(), "Experiment needs arms"),
        (lambda: Appeal(PEOPLE, 0.02), "takes 1 values without a name"),
        (lambda: Experiment({"a": Appeal()}).run(PEOPLE, rep=1), "Experiment.run takes no 'rep'"),
        (lambda: Population.sample(), "Population.sample needs n"),
        (lambda: Population.sample(10, n=5), "n came twice"),
    ],
)
def test_a_misspelt_or_surplus_argument_is_told_with_what_was_meant(call: Callable[[], Any], words: str) -> None:
    with pytest.raises(InvalidInput, match=re.escape(words)):
        call()


def test_checked_classes_keep_their_signature_and_can_be_pickled() -> None:
    assert list(inspect.signature(Appeal).parameters)[:2] == ["population", "base_rate"]
    assert list(inspect.signature(Experiment.run).parameters)[:4] == ["self", "population", "replicates", "seed"]
    for made in (Appeal(match_rate=1), Punishment(cost=2), Organisation(need=5), Message("duty")):
        assert pickle.loads(pickle.dumps(made)) == made
    with pytest.raises(InvalidInput) as caught:
        _play(Appeal(match_rate=-1))
    copy = pickle.loads(pickle.dumps(caught.value))
    assert str(copy) == str(caught.value) and copy.field == "match_rate"


@pytest.mark.parametrize(
    ("protocol", "words"),
    [
        (Appeal(refund="no"), "refund must be true or false; 'no' came"),  # type: ignore[arg-type]
        (Appeal(public=1), "public must be true or false; 1 came"),  # type: ignore[arg-type]
        (Appeal(usual_gift=-5), "usual_gift must be a number above 0"),
        (Appeal(channel=None), "one of letter, caller, door, list, banner, or a number from 0 to 10"),  # type: ignore[arg-type]
        (Appeal(channel="leter"), "Did you mean letter"),
        (Appeal(match_rate=1e6), "from 0 to 100"),
        (Appeal(lead_gift=200, goal=100), "lead_gift (200) is more than the goal (100)"),
        (Appeal(reminders=10**9), "from 0 to 100"),
        (Appeal(rounds=10**8), "from 1 to 10,000"),
        (Appeal(by_round=5), "by_round must be a sequence of mappings"),  # type: ignore[arg-type]
        (Appeal(by_round=("a",)), "by_round must be a sequence of mappings"),  # type: ignore[arg-type]
        (Appeal(rounds=1, by_round=({}, {})), "by_round describes 2 rounds, but rounds is 1"),
        (Appeal(by_round=({"matchrate": 1},)), "Did you mean match_rate"),
        (Appeal(by_round=({"refund": "no"},)), "by_round.0.refund must be true or false"),
        (Appeal(5), "population must be a Population"),  # type: ignore[arg-type]
        (Appeal(network=networkx.path_graph(10)), "the network has 10 nodes, but 200 people take part"),
        (Appeal(network=np.full((200, 200), NAN)), "neither negative ones nor NaN"),
        (Appeal(network=-np.ones((200, 200))), "neither negative ones nor NaN"),
        (Appeal(network=networkx.Graph), "the class Graph came"),
        (Message(visible_peers=True), "give a network"),
        (Message("dutty"), "Did you mean duty"),
        (Diffusion(seeds=2.5), "seeds must be a whole number"),  # type: ignore[arg-type]
        (Diffusion(seeds=[1.5]), "1.5 came at position 0"),  # type: ignore[list-item]
        (Diffusion(seeds=[500]), "from 0 to 199"),
        (Diffusion(thresholds=[NAN] * 200), "thresholds must be a sequence of numbers"),
        (Diffusion(thresholds=[-1] * 200), "thresholds must be a sequence of numbers of 0 or more"),
        (Diffusion(thresholds=5), "thresholds must be a sequence"),  # type: ignore[arg-type]
        (Diffusion(thresholds=[0, 1]), "2 thresholds came for 200 people"),
        (Diffusion(seeding="clustered"), "give a network"),
        (Diffusion(PATH, [1, 2], seeding="central"), "nobody to choose"),
        (PublicGoodsGame(size=0), "PublicGoodsGame: size must be a whole number from 1"),
        (PublicGoodsGame(size=10_000, groups=10**6), "10,000,000,000 people"),
        (PublicGoodsGame(size=10_000, groups=10, punishment=True), "too many pairs"),
        (PublicGoodsGame(endowment=10**19), "endowment must be a whole number from 1 to 1,000,000,000"),
        (PublicGoodsGame(punishment="yes"), "punishment must be true or false, or Punishment(cost=1"),  # type: ignore[arg-type]
        (PublicGoodsGame(information=False, punishment=True), "nobody knows whom to punish"),
        (PublicGoodsGame(refund=True), "give provision_point too"),
        (PublicGoodsGame(provision_point=0), "provision_point must be a number above 0"),
        (PublicGoodsGame(provision_point=81), "only 80 tokens"),
        (PublicGoodsGame(restart=11), "only 10 rounds"),
        (Recruitment(asks=201), "asks is 201, but there are only 200 people"),
        (Vote("election", base_rate=0.9), "base_rate changes nothing"),
        (Vote("election", reach=0.5), "reach changes nothing"),
        (Vote("election", channel="leader"), "channel changes nothing"),
        (Fundraiser(5), "organisation must be an Organisation"),  # type: ignore[arg-type]
        (Fundraiser(base_rate=0), "Fundraiser: base_rate must be a number above 0 and below 1"),
        (Fundraiser(told="yes"), "told must be true or false"),  # type: ignore[arg-type]
        (Fundraiser(Organisation(usual_asks=10**6)), "only 200 people"),
    ],
)
def test_impossible_and_contradictory_values_are_refused_by_name(protocol: Protocol, words: str) -> None:
    with pytest.raises(InvalidInput, match=re.escape(words)) as caught:
        _play(protocol, None if isinstance(protocol, PublicGoodsGame) else PEOPLE)
    assert str(caught.value).startswith(f"arm 'a': {type(protocol).__name__}")


@pytest.mark.parametrize(
    "protocol",
    [
        Appeal(match_cap=100, match_from=5),
        Appeal(by_round=[{"match_rate": 1}, {}], rounds=2),  # type: ignore[arg-type]
        Appeal(network=0.5 * np.ones((200, 200))),
        Message(treated_share=0.5, reminders=3, shown_share=0.5),
        Recruitment("none", asks=10),
        Diffusion(thresholds=[0.0, *[float("inf")] * 199]),
        Diffusion(seeds=np.int64(5)),
        Vote("election"),
        Fundraiser(Organisation(cost_per_ask=0, usual_asks=10), effort="fixed"),
    ],
)
def test_what_arms_may_share_is_taken(protocol: Protocol) -> None:
    _play(protocol)


def test_as_many_seeds_begin_as_numpys_number_says() -> None:
    frame = Experiment({"a": Diffusion(PATH, np.int64(5), rounds=1)}).run(replicates=1)
    assert frame[frame["round"] == 0]["acted"].sum() == 5


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: Population.sample(10**12), "from 1 to 100,000,000"),
        (lambda: Population.sample(10, seed="a"), "seed must be a whole number"),
        (lambda: Population.sample(10, seed=-1), "seed must be a whole number"),
        (lambda: Population.sample(10, seed=1.5), "seed must be a whole number"),
        (lambda: Population.sample(10, parameters=5), "parameters must be names with numbers"),
        (lambda: Population.sample(10, type=1.5), "'type' takes whole numbers from 0 to 3"),
        (lambda: Population.sample(10, party=2), "'party' must lie between 0 and 1"),
        (lambda: Population.sample(10, experienced=0.5), "'experienced' takes true and false"),
        (lambda: Population.sample(10, age=130), "'age' must lie between 0 and 120"),
        (lambda: Population.sample(10, schedule_slope=1e9), "'schedule_slope' must lie between -5 and 5"),
        (lambda: Population.sample(10, schedule_base=-3), "'schedule_base' must lie between -1 and 1"),
        (lambda: Population.sample(3, age=[20, [1], 3]), "'age' needs one value or 3 of them"),
        (lambda: PEOPLE.only([500]), "from 0 to 199"),
        (lambda: PEOPLE.only([True] * 3), "200 values true or false"),
        (lambda: PEOPLE.only(None), "Population.only takes"),
        (lambda: PEOPLE.only([]), "one at least"),
        (lambda: PEOPLE.only(np.zeros(200, bool)), "one at least"),
        (lambda: PEOPLE["agee"], "Did you mean age"),
        (lambda: Population.from_world(5), "a built district"),
        (lambda: Population(None), "columns must be a mapping"),
        (lambda: Population({**PEOPLE.columns, "age": np.full(200, 500)}), "'age' must lie between"),
        (lambda: Experiment([Appeal()]), "arms by name"),
        (lambda: Experiment({"a": Appeal}), "the class Appeal came"),
        (lambda: Experiment({"": Appeal()}), "need names"),
        (lambda: Experiment({1: Appeal()}), "need names"),
        (
            lambda: Experiment({"a": Appeal(), "b": Message()}),
            "arm 'a' is of the protocol Appeal and arm 'b' of Message",
        ),
        (lambda: Experiment({"a": Appeal()}, 5), "parameters must be names with numbers"),
        (lambda: Experiment({"a": Appeal()}, {"yes.sen": 1}), "Did you mean yes.seen"),
        (lambda: Experiment({"a": Appeal()}, {"yes.seen": 99}), "between 0 and 1.5"),
        (lambda: Experiment({"a": Appeal()}).run("x"), "population must be a Population"),
        (lambda: Experiment({"a": Appeal()}).check(5), "population must be a Population"),
        (lambda: Experiment({"a": Appeal()}).run(), "does not say how many"),
        (lambda: Experiment({"a": Appeal()}).run(PEOPLE, None), "replicates must be a whole number"),
        (lambda: Experiment({"a": Appeal()}).run(PEOPLE, 10**12), "200,000,000,000,000 rows"),
        (lambda: Experiment({"a": Appeal()}).run(PEOPLE, 1, "x"), "seed must be a whole number"),
        (lambda: Experiment({"a": Appeal()}).run(PEOPLE, 1, progress=5), "progress must be a function"),
        (lambda: Experiment({"a": Appeal()}).run(PEOPLE, 1, detail="yes"), "detail must be true or false"),
        (lambda: Fundraiser().asks(-5), "people must be a whole number"),
        (lambda: Fundraiser().asks(2.5), "people must be a whole number"),
        (lambda: Fundraiser().asks(100, {"x": 1}), "no parameter 'x'"),
        (lambda: Fundraiser("x").asks(100), "organisation must be an Organisation"),
        (lambda: kernel_parameters(5), "names with numbers"),
    ],
)
def test_people_and_experiments_refuse_what_cannot_be(call: Callable[[], Any], words: str) -> None:
    with pytest.raises(InvalidInput, match=re.escape(words)):
        call()


@pytest.mark.parametrize(
    "arms",
    [
        {"four": PublicGoodsGame(groups=3, size=4, rounds=2), "ten": PublicGoodsGame(groups=3, size=10, rounds=2)},
        {"path": Diffusion(networkx.path_graph(12)), "ring": Diffusion(networkx.cycle_graph(30))},
    ],
)
def test_arms_of_different_size_play_with_the_same_people(arms: dict[str, Protocol]) -> None:
    small, large = (protocol.people_needed() for protocol in arms.values())
    people = Experiment(arms).people_of(None, 1, 3)
    first, second = people.values()
    assert (len(first), len(second)) == (small, large) == (12, 30)
    assert all(np.array_equal(column, second[name][:12]) for name, column in first.columns.items())
    frame = Experiment(arms).run(replicates=2)
    assert set(frame.groupby("arm", observed=True)["unit"].nunique()) == {12, 30}


def test_arms_with_truly_different_people_are_told_with_their_sizes() -> None:
    arms = {"a": Appeal(Population.sample(30, seed=1)), "b": Appeal(Population.sample(40, seed=2))}
    with pytest.raises(InvalidInput, match=r"arms 'b' \(40 people\) and 'a' \(30 people\) have different people"):
        Experiment(arms).run(replicates=1)


def test_without_a_population_each_replicate_has_people_of_its_own() -> None:
    game = Experiment({"a": PublicGoodsGame(groups=5), "b": PublicGoodsGame(groups=5, return_=0.6)})
    own = [game.people_of(None, 1, replicate) for replicate in range(3)]
    assert all(np.array_equal(one["a"]["means"], one["b"]["means"]) for one in own)
    assert not np.array_equal(own[0]["a"]["means"], own[1]["a"]["means"])
    assert np.array_equal(own[0]["a"]["means"], Population.sample(20, seed=1)["means"])
    assert game.run(replicates=2, seed=4).equals(game.run(replicates=2, seed=4))
    given = [game.people_of(PEOPLE, 1, replicate)["a"] for replicate in range(2)]
    assert given == [PEOPLE, PEOPLE]


def test_people_whom_an_arm_brings_play_in_every_arm_and_replicate() -> None:
    arms: dict[str, Protocol] = {"a": Appeal(PEOPLE), "b": Appeal()}
    frame = Experiment(arms).run(replicates=2)
    mine, yours = (frame[frame["arm"] == arm]["amount"].to_numpy() for arm in arms)
    assert np.array_equal(mine, yours)
