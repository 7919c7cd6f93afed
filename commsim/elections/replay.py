"""Replaying real elections: the rule that a `.pb` file names, applied to its votes, against the official winners."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from commsim.calling.call import call_rule
from commsim.calling.modified_rule import ModifiedRule, plain_rule
from commsim.contracts import Award, Rule
from commsim.contracts.needs import needs_in_words
from commsim.elections.caps import GroupCaps
from commsim.elections.election import PbElection, winners_of
from commsim.elections.meta import OFFICIAL
from commsim.elections.ties import ids_for, losers_first, reversed_ids
from commsim.errors import InvalidInput
from commsim.i18n import Language, Text, _
from commsim.natural_order import natural_key
from commsim.plugin_host.catalogue import Catalogue
from commsim.suggestions import did_you_mean, listed

_ADD1 = {"completion": "add1", "stop": "overspend", "whole_start": True}
"""As the program of equalshares.net has it, with which cities settle such elections."""

_LIST = "pb.greedy_threshold"
RULES: dict[str, tuple[str, dict[str, Any]]] = {
    "greedy": (_LIST, {}),
    "greedy-threshold": (_LIST, {}),
    "greedy-no-skip": (_LIST, {"skip": False}),
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

    `rule`, as the file names it; `applied`, the rule and parameters here; `official` and `winners`, ids; `tied`, ids of
    projects that win or not by how ties are broken.
    """

    file: str
    rule: str
    applied: str
    agree: bool | None
    official: tuple[str, ...]
    winners: tuple[str, ...]
    reason: Text
    tied: tuple[str, ...] = ()
    written: str = ""
    """The rule as given on the command line, "" where the file's own is applied."""

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
            "tie_decided": bool(self.tied),
            "tied": self.tied,
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
    if type(reason) is not Text or currency.upper() in ("", "CNY", "RMB"):
        return reason
    return InCurrency(reason, currency)


def rule_of(election: PbElection) -> tuple[str, dict[str, Any]] | None:
    """Rule id and parameters for the rule that the file names; None for a rule that cannot be replayed."""
    if election.rule not in RULES:
        return None
    rule_id, params = RULES[election.rule]
    if rule_id == _LIST:
        params = {**params, "threshold": election.threshold}
    return rule_id, dict(params)


def threshold_of(election: PbElection, rule_id: str) -> list[tuple[str, dict[str, str]]]:
    """The modifier by which a rule without a threshold of its own keeps to the file's (`min_votes`), if it has one."""
    needed = election.threshold if rule_id != _LIST else 0
    return _least(needed) if needed else []


def _least(votes: int) -> list[tuple[str, dict[str, str]]]:
    return [("modifier.min_votes", {"votes": str(votes)})]


def threshold_left(election: PbElection, rule: Rule) -> list[Text]:
    """A sentence where the file has a threshold that `rule` with its modifiers does not keep to."""
    if _votes_needed(rule) >= election.threshold:
        return []
    text = _("min_project_score_threshold is {value}, which {id!r} does not read; add +min_votes:votes={votes} to it")
    word = election.meta["min_project_score_threshold"]
    return [text.format(value=word, id=rule.id, votes=election.threshold)]


def _votes_needed(rule: Rule) -> int:
    """Votes without which `rule` or a modifier of it considers no project."""
    own = {_LIST: "threshold", "pb.greedy_votes": "min_votes"}.get(rule.id)
    laid = (modifier.params.votes for modifier in getattr(rule, "modifiers", ()) if modifier.id == "modifier.min_votes")
    return max((getattr(rule.params, own) if own else 0, *laid))


def check_needs(election: PbElection, rule: Rule) -> None:
    """Raises InvalidInput where `rule` or a modifier of it decides by what a `.pb` file does not hold."""
    for part in (plain_rule(rule), *getattr(rule, "modifiers", ())):
        if lacks := election.lacks(part):
            text = _("{file}: a .pb file holds costs and votes; {id!r} decides by {needs}, which it does not hold")
            raise InvalidInput(text.format(file=str(election.path), id=part.id, needs=needs_in_words(lacks)))


def with_caps(election: PbElection, rule: Rule) -> Rule:
    """`rule` with the file's caps of groups over it; as it is where the file has none, or they do not fit to it."""
    if not election.caps or not _takes_caps(rule):
        return rule
    modifiers = getattr(rule, "modifiers", ())
    return ModifiedRule(getattr(rule, "rule", rule), (*modifiers, GroupCaps(election.caps)))


def _takes_caps(rule: Rule) -> bool:
    """Whether caps are defined for `rule`, which they are where it goes by votes and passes over what does not fit."""
    return rule.id == "pb.greedy_votes" or (rule.id == _LIST and bool(rule.params.skip))


def not_applied(election: PbElection, rule: Rule) -> list[Text]:
    """What the file says that bears on who wins and that `rule` does not follow."""
    keys = dict.fromkeys(cap.key for cap in election.caps) if not _takes_caps(rule) else ()
    text = _("{key} is not applied: it is defined for rules that go by votes and pass over what does not fit")
    return [*election.undecided, *(text.format(key=key) for key in keys)]


def settle(election: PbElection, rule: Rule, ids: tuple[str, ...] | None = None) -> Award:
    """What `rule` awards in `election`, checked against the contract. `ids` may rename projects, which decides ties."""
    terms = call_rule(rule, "open_round", election.view(rule, ids=ids))
    award: Award = call_rule(rule, "settle", election.view(rule, terms, ids))
    return award


def tied(election: PbElection, rule: Rule, winners: Sequence[str]) -> tuple[str, ...]:
    """Projects, in the file's order, that win or not by how ties are broken; () where no tie decides.

    `winners` under `rule`. Every tie is broken the other way twice: against those who won, and from the last id. For
    rules that go down a list this finds every tie that decides; other rules may hold some that neither shows.
    """
    for ids in (losers_first(election, winners), reversed_ids(election)):
        changed = set(winners_of(election, settle(election, rule, ids), ids)) ^ set(winners)
        if changed:
            return tuple(project for project in election.ids if project in changed)
    return ()


def replay(election: PbElection, catalogue: Catalogue, written: str | None = None, tie: str = "id") -> Replay:
    """Apply a rule and compare the winners with the official ones.

    `written`, the rule as on the command line (None: the one that the file names); `tie`, who comes first of equals,
    one of `ties.TIES`.
    """
    chosen = rule_of(election) if written is None else catalogue.parse_written(written)[:2]
    official = tuple(project for project, word in zip(election.ids, election.selected, strict=True) if word == OFFICIAL)

    def left_out(reason: Text) -> Replay:
        return Replay(election.path.name, election.rule, "", None, official, (), reason, written=written or "")

    if chosen is None or not election.has_official:
        return left_out(untold(election) if chosen is None else _("no official winners"))
    rule, applied = _made(election, catalogue, chosen, written)
    if unclear := not_applied(election, rule):
        return left_out(unclear[0])
    ids = ids_for(election, tie)
    winners = tuple(winners_of(election, settle(election, rule, ids), ids))
    agree = set(winners) == set(official)
    reason = Text("") if agree else _difference(election, rule, official, winners)
    by_tie = tied(election, rule, winners)
    return Replay(election.path.name, election.rule, applied, agree, official, winners, reason, by_tie, written or "")


def _made(
    election: PbElection, catalogue: Catalogue, chosen: tuple[str, dict[str, Any]], written: str | None
) -> tuple[Rule, str]:
    """The rule to apply, with what the file asks of every rule (a threshold, caps) over it, and how it is written."""
    rule_id, params = chosen
    modifiers = list(catalogue.parse_written(written)[2]) if written is not None else []
    applied = rule_id + "".join(f",{name}={value}" for name, value in params.items()).replace(",", ":", 1)
    applied = applied if written is None else written
    rule = catalogue.make(rule_id, params, modifiers)
    if threshold_left(election, rule):
        rule = catalogue.make(rule_id, params, [*modifiers, *_least(election.threshold)])
        applied += f"+min_votes:votes={election.threshold}"
    return with_caps(election, rule), applied


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
    if sum(cost[project] for project in official) > election.budget:
        return _("the official winners cost more than the budget of the file")
    # Whatever differs still where every tie goes to an official winner is not a tie.
    ids = ids_for(election, "official")
    if set(winners_of(election, settle(election, rule, ids), ids)) == set(official):
        return _("a tie that the city broke another way")
    if any(word not in ("", "0", OFFICIAL) for word in election.selected):
        return _("the city also paid from other funds (marks 2 or 3 in the file)")
    return _("won officially and not here: {official}; here and not officially: {here}").format(
        official=listed(set(official) - set(winners)) or "–", here=listed(set(winners) - set(official)) or "–"
    )
