"""A rule with modifiers laid over it: one rule to the model, settled with the modifiers in the order written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commsim.calling.call import call_rule
from commsim.calling.partial_views import seen_by
from commsim.contracts import Award, Modifier, Review, RoundView, Rule, Terms
from commsim.errors import ModifierError
from commsim.i18n import Text, _
from commsim.money import in_yuan


class ModifiedRule(Rule):
    """`rule` with `modifiers`, in order. It announces the rule's terms as the modifiers change them.

    To settle: what modifiers reserve is served first, whatever else would keep it out; what they keep out is not shown
    to the rule; the rule divides the rest of the budget among the rest; what modifiers strike out of the outcome is
    left out and the rule settles again, until nothing is struck out; then each modifier changes the award, but gives
    nothing to what would be struck out beside those who have won. The rule sees no more of the round than its own
    `needs` open.
    """

    def __init__(self, rule: Rule, modifiers: Sequence[Modifier]) -> None:
        super().__init__(rule.params)
        self.rule = rule
        self.modifiers = tuple(modifiers)
        shown = ("id", "title", "summary", "family", "calls", "properties", "source", "Params")
        for name in shown:
            setattr(self, name, getattr(rule, name))
        # What a modifier takes from the outcome can break any property that the rule claims.
        self.properties = frozenset()  # type: ignore[misc]
        self.needs = frozenset(rule.needs).union(*(modifier.needs for modifier in self.modifiers))  # type: ignore[misc]

    def open_round(self, view: RoundView) -> Terms:
        """The rule's terms, changed by each modifier in turn."""
        terms: Terms = call_rule(self.rule, "open_round", self._everything(view))
        for modifier in self.modifiers:
            terms = modifier.announce(terms, view)
        return terms

    def after_pledges(self, view: RoundView) -> None:
        """Let the rule observe."""
        call_rule(self.rule, "after_pledges", self._everything(view))

    def review(self, view: RoundView) -> Review:
        """What the rule reclaims."""
        review: Review = call_rule(self.rule, "review", self._everything(view))
        return review

    def settle(self, view: RoundView) -> Award:
        """Settle among those who may take part, again without those struck out, then change the award."""
        reserved: dict[int, tuple[int, Text]] = {}
        for modifier in self.modifiers:
            reserved.update(modifier.reserve(view))
        self._check_reserved(view, reserved)
        out = _first_reasons(modifier.keep_out(view) for modifier in self.modifiers)
        out = {at: reason for at, reason in out.items() if at not in reserved}
        kept = np.isin(np.arange(len(view.proposals)), list(reserved))
        orders = [order for modifier in self.modifiers if (order := modifier.tie_order(view)) is not None]
        ties = orders[0] if orders else None
        while True:
            award = self._settled(view, out, reserved, ties)
            fresh = {at: why for at, why in self._struck(view, award, kept).items() if at not in out}
            if not fresh:
                break
            out.update(fresh)
        eligible = np.array([at not in out for at in range(len(view.proposals))], dtype=np.bool_)
        for modifier in self.modifiers:
            award = self._adjusted(modifier, view, award, eligible)
        return award

    def _struck(self, view: RoundView, award: Award, kept: NDArray[np.bool_]) -> dict[int, Text]:
        struck = _first_reasons(modifier.strike_out(view, award, kept) for modifier in self.modifiers)
        return {at: reason for at, reason in struck.items() if not kept[at]}

    def _adjusted(self, modifier: Modifier, view: RoundView, award: Award, eligible: NDArray[np.bool_]) -> Award:
        """What a modifier makes of the award, without giving to what cannot be beside those who won before."""
        eligible = eligible.copy()
        while True:
            adjusted = modifier.adjust(view, award, eligible)
            struck = [at for at in self._struck(view, adjusted, award.paid > 0) if eligible[at]]
            if not struck:
                return adjusted
            eligible[struck] = False

    def _everything(self, view: RoundView) -> RoundView:
        return seen_by(view, self.rule.needs, np.arange(len(view.proposals)))

    def _check_reserved(self, view: RoundView, reserved: Mapping[int, tuple[int, Text]]) -> None:
        whole = sum(fen for fen, _reason in reserved.values())
        if whole > view.budget:
            raise ModifierError(
                _(
                    "modifiers promise {whole} yuan beforehand, the budget of the round is {budget} yuan. Force fewer "
                    "winners or raise the budget"
                ).format(whole=in_yuan(whole), budget=in_yuan(view.budget))
            )
        for modifier in self.modifiers:
            both = set(modifier.keep_out(view)).intersection(reserved) if modifier.final else ()
            if both:
                text = _("modifiers force {id!r} and exclude it. Name it in one of them only")
                raise ModifierError(text.format(id=str(view.proposals.id[min(both)])))

    def _settled(
        self,
        view: RoundView,
        out: Mapping[int, Text],
        reserved: Mapping[int, tuple[int, Text]],
        ties: NDArray[np.int64] | None,
    ) -> Award:
        n = len(view.proposals)
        rest = np.array([at for at in range(n) if at not in out and at not in reserved], dtype=np.int64)
        budget = view.budget - sum(fen for fen, _reason in reserved.values())
        award: Award = call_rule(self.rule, "settle", seen_by(view, self.rule.needs, rest, budget=budget, ties=ties))
        paid = np.zeros(n, dtype=np.int64)
        paid[rest] = award.paid
        reasons: list[str | Text] = [_("nothing")] * n
        for at, reason in zip(rest.tolist(), award.reasons, strict=True):
            reasons[at] = reason
        for at, (fen, why) in reserved.items():
            paid[at], reasons[at] = fen, why
        for at, why in out.items():
            reasons[at] = why
        refunds = _all_refunds(view, rest, reserved, award.refunds)
        bonuses, given = award.bonuses, award.bonuses
        if given is not None and view.part("pledges") is not None:
            shown = np.isin(view.part("pledges").proposal, rest)
            bonuses = np.zeros(len(shown), dtype=np.int64)
            bonuses[shown] = given
        free = (*award.free, *(str(view.proposals.id[at]) for at, (fen, _why) in reserved.items() if not fen))
        return replace(award, paid=paid, reasons=tuple(reasons), refunds=refunds, bonuses=bonuses, free=free)


def _first_reasons(of_modifiers: Iterable[Mapping[int, Text]]) -> dict[int, Text]:
    reasons: dict[int, Text] = {}
    for of_modifier in of_modifiers:
        for at, reason in of_modifier.items():
            reasons.setdefault(int(at), reason)
    return reasons


def _all_refunds(
    view: RoundView,
    rest: NDArray[np.int64],
    reserved: Mapping[int, Any],
    refunds: NDArray[np.int64] | None,
) -> NDArray[np.int64] | None:
    """Refunds by pledge of the whole round: the rule's own, nothing for those served first, all for those left out."""
    if refunds is None or view.part("pledges") is None:
        return None
    pledges = view.part("pledges")
    shown = np.isin(pledges.proposal, rest)
    everything = np.where(np.isin(pledges.proposal, list(reserved)), 0, pledges.amount).astype(np.int64)
    everything[shown] = refunds
    return everything


@dataclass(frozen=True)
class Written:
    """A modifier as a scenario names it: `id` and parameters; plain data that travels to other processes."""

    id: str
    params: tuple[tuple[str, Any], ...] = ()

    def __str__(self) -> str:
        return self.id + (":" + ",".join(f"{name}={value}" for name, value in self.params) if self.params else "")


def written_modifiers(rule: Rule) -> tuple[Written, ...]:
    """The modifiers of a rule, with the parameters that differ from their defaults; empty for a plain rule."""
    if not isinstance(rule, ModifiedRule):
        return ()
    return tuple(_written(modifier) for modifier in rule.modifiers)


def _written(modifier: Modifier) -> Written:
    changed = [
        (name, getattr(modifier.params, name))
        for name, default, _facts in modifier.parameters()
        if getattr(modifier.params, name) != default
    ]
    return Written(modifier.id, tuple(changed))


def plain_rule(rule: Rule) -> Rule:
    """The rule itself, without modifiers."""
    return rule.rule if isinstance(rule, ModifiedRule) else rule
