"""Replaying real elections: the rule that a `.pb` file names, applied to its votes, against the official winners."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from commsim.contracts import Award, Rule
from commsim.i18n import Language, Text, _
from commsim.plugins.calling import call_rule
from commsim.plugins.catalogue import Catalogue
from commsim.plugins.naming import did_you_mean, listed, natural_key
from commsim.plugins.pabulib_election import PbElection, winners_of

OFFICIAL = "1"
"""The word in the column `selected` of a project that won under the rule itself (2 and 3 are paid from elsewhere)."""

_ADD1 = {"completion": "add1", "stop": "overspend", "whole_start": True}
"""As the program of equalshares.net has it, with which cities settle such elections."""

RULES: dict[str, tuple[str, dict[str, Any]]] = {
    "greedy": ("pb.greedy_threshold", {}),
    "greedy-threshold": ("pb.greedy_threshold", {}),
    "greedy-no-skip": ("pb.greedy_threshold", {"skip": False}),
    "equalshares": ("pb.mes", {"completion": "none"}),
    "equalshares/add1": ("pb.mes", _ADD1),
    "equalshares/add1-comparison": ("pb.mes", {**_ADD1, "comparison": True}),
    "equalshares-comparison/add1": ("pb.mes", {**_ADD1, "comparison": True}),
}
"""Rules that files name, as rules here with their parameters."""

UNTOLD: dict[str, Text] = {
    "unknown": _("the file says that its rule is unknown"),
    "greedy-exclusive": _("some projects exclude each other, and the file does not say which"),
    "greedy-custom": _("the city has a rule of its own with money from outside this election"),
}
"""Rules that files name and that cannot be replayed from what a file holds, and why."""


@dataclass(frozen=True)
class Replay:
    """What became of one file: `agree` is None where nothing could be compared, and `reason` says why.

    `rule`, as the file names it; `applied`, the rule and parameters here; `official` and `winners`, ids.
    """

    file: str
    rule: str
    applied: str
    agree: bool | None
    official: tuple[str, ...]
    winners: tuple[str, ...]
    reason: Text

    def document(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "file": self.file,
            "rule": self.rule,
            "applied": self.applied or None,
            "agree": self.agree,
            "official": self.official,
            "winners": self.winners,
            "only_official": sorted(set(self.official) - set(self.winners), key=natural_key),
            "only_here": sorted(set(self.winners) - set(self.official), key=natural_key),
            "reason": self.reason,
        }


class InCurrency(Text):
    """A reason as a rule gives it, with the file's currency where the rule says yuan."""

    __slots__ = ("currency",)

    def __init__(self, reason: Text, currency: str) -> None:
        super().__init__(reason.message, reason.values)
        self.currency = currency

    def to(self, language: Language) -> str:
        """The reason in `language`."""
        words = super().to(language)
        if language == "zh":
            return _YUAN_ZH.sub(f" {self.currency}", words)
        return _YUAN.sub(self.currency, words)

    def __reduce__(self) -> Any:
        return (InCurrency, (Text(self.message, self.values), self.currency))


_YUAN, _YUAN_ZH = re.compile(r"\byuan\b"), re.compile(r"(?<=\d)\s*元")


def in_currency(reason: str | Text, election: PbElection) -> str | Text:
    """`reason` with the currency that the file names in place of yuan; as it is where it names none, or yuan."""
    currency = election.meta.get("currency", "")
    plain = type(reason) is not Text or currency.upper() in ("", "CNY", "RMB")
    return reason if plain else InCurrency(reason, currency)  # type: ignore[arg-type]


def rule_of(election: PbElection) -> tuple[str, dict[str, Any]] | None:
    """Rule id and parameters for the rule that the file names; None for a rule that cannot be replayed."""
    if election.rule not in RULES:
        return None
    rule_id, params = RULES[election.rule]
    if rule_id == "pb.greedy_threshold":
        params = {**params, "threshold": election.threshold}
    return rule_id, dict(params)


def settle(election: PbElection, rule: Rule, ids: tuple[str, ...] | None = None) -> Award:
    """What `rule` awards in `election`, checked against the contract. `ids` may rename projects, which decides ties."""
    terms = call_rule(rule, "open_round", election.view(rule, ids=ids))
    award: Award = call_rule(rule, "settle", election.view(rule, terms, ids))
    return award


def replay(election: PbElection, catalogue: Catalogue) -> Replay:
    """Apply the rule that the file names and compare the winners with the official ones."""
    chosen = rule_of(election)
    official = tuple(one for one, word in zip(election.ids, election.selected, strict=True) if word == OFFICIAL)
    if chosen is None or not election.has_official:
        reason = untold(election) if chosen is None else _("no official winners")
        return Replay(election.path.name, election.rule, "", None, official, (), reason)
    rule_id, params = chosen
    rule = catalogue.make(rule_id, params)
    winners = tuple(winners_of(election, settle(election, rule)))
    agree = set(winners) == set(official)
    reason = Text("") if agree else _difference(election, rule, official, winners)
    applied = rule_id + "".join(f",{name}={value}" for name, value in params.items()).replace(",", ":", 1)
    return Replay(election.path.name, election.rule, applied, agree, official, winners, reason)


def untold(election: PbElection) -> Text:
    """Why the rule that the file names cannot be applied."""
    if not election.meta.get("rule", "").strip():
        return _("the file does not name a rule")
    if election.rule in UNTOLD:
        return UNTOLD[election.rule]
    return _("the file names the rule {rule!r}, which is not known here. {near}Known: {known}").format(
        rule=election.rule, near=did_you_mean(election.rule, RULES), known=", ".join(RULES)
    )


def _difference(election: PbElection, rule: Rule, official: Sequence[str], winners: Sequence[str]) -> Text:
    cost = dict(zip(election.ids, election.cost.tolist(), strict=True))
    if sum(cost[one] for one in official) > election.budget:
        return _("the official winners cost more than the budget of the file")
    # Renamed so that every tie goes to an official winner: whatever still differs is not a tie.
    renamed = tuple(("a" if one in set(official) else "b") + one for one in election.ids)
    if set(winners_of(election, settle(election, rule, renamed), renamed)) == set(official):
        return _("a tie that the city broke another way than by id")
    if any(word not in ("", "0", OFFICIAL) for word in election.selected):
        return _("the city also paid from other funds (marks 2 or 3 in the file)")
    return _("won officially and not here: {official}; here and not officially: {here}").format(
        official=listed(set(official) - set(winners)) or "–", here=listed(set(winners) - set(official)) or "–"
    )
