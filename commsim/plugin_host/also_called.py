"""Other names under which rules are known, for suggestions by meaning: "method of equal shares" is pb.mes."""

from __future__ import annotations

import re
from collections.abc import Container

_OTHER_NAMES = {
    "pb.mes": ("method of equal shares", "equal shares", "rule x", "mes", "等额份额法"),
    "pb.seq_phragmen": ("phragmen", "sequential phragmen", "phragmén", "弗拉格门法"),
    "pb.greedy_votes": ("greedy", "greedy utilitarian welfare", "most votes", "plurality", "greedy cost sat", "按票数"),
    "pb.greedy_votes_per_cost": ("greedy cardinality sat", "votes per cost", "value for money"),
    "pb.knapsack": ("utilitarian", "max utilitarian welfare", "max additive utilitarian welfare", "背包"),
    "pb.maximin_support": ("maximin", "maximin support method"),
    "pb.cstv": ("cumulative support transfer voting", "ewt", "minimal transfers", "cumulative voting", "累积投票"),
    "pb.bos_equal_shares": ("bos", "bounded overspending"),
    "committee.pav": ("proportional approval voting", "thiele", "pav"),
    "committee.cc": ("chamberlin courant",),
    "committee.greedy_monroe": ("greedy monroe", "sequential monroe", "贪心门罗法"),
    "committee.sav": ("satisfaction approval voting",),
    "qf.clr": ("quadratic funding", "clr", "capital constrained liberal radicalism", "quadratic", "qf", "二次方"),
    "qf.pairwise": ("pairwise bounded", "pairwise coordination"),
    "qf.cocm": ("cocm", "connection oriented cluster match", "cluster match", "plural funding"),
    "basic.equal_split": ("equal split", "equal division", "egalitarian", "uniform", "平均分配"),
    "basic.needs_weighted": ("by need", "need based"),
    "basic.fcfs": ("first come first served", "fifo", "先到先得"),
    "claims.cea": ("constrained equal awards", "water filling"),
    "claims.cel": ("constrained equal losses",),
    "claims.talmud": ("contested garment", "aumann maschler"),
    "claims.random_arrival": ("shapley", "o neill"),
    "match.linear": ("matching grant", "matching funds", "match", "配套"),
    "seed.provision_point": ("assurance contract", "crowdfunding", "kickstarter", "all or nothing"),
    "seed.refund_bonus": ("dominant assurance contract",),
    "conviction.voting": ("conviction",),
    "bandit.eps": ("epsilon greedy", "eps greedy"),
    "bandit.ucb1": ("ucb", "upper confidence bound"),
    "lottery.full": ("sortition", "random", "抽签"),
    "divisible.nash": ("nash welfare", "max nash", "product of utilities"),
}
_SAYS_NOTHING = frozenset({"of", "the", "rule", "method", "voting", "a", "by"})


def _words(name: str) -> frozenset[str]:
    parts = re.findall(r"\w+", name.lower().replace("_", " "))
    return frozenset(parts) - _SAYS_NOTHING or frozenset(parts)


_RULE_OF = {_words(name): rule_id for rule_id, names in _OTHER_NAMES.items() for name in names}


def also_called(name: str, rules: Container[str]) -> str | None:
    """The id of the rule of `rules` that is known as `name`, with or without a family before it; else None.

    >>> also_called("pb.method_of_equal_shares", {"pb.mes"}), also_called("Rule X", {"pb.mes"})
    ('pb.mes', 'pb.mes')
    >>> also_called("pb.ostrich", {"pb.mes"})
    """
    for said in (name, name.rpartition(".")[2]):
        found = _RULE_OF.get(_words(said))
        if found is not None and found in rules:
            return found
    return None
