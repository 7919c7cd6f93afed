"""What rules share that fund a list from its top: going down it, ranking by scores, saying why."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from commsim.contracts import Award, RoundView, Rule, parameter
from commsim.i18n import Bilingual, Text, _
from commsim.money import in_yuan
from commsim.natural_order import natural_rank

Floats = NDArray[np.float64]
Positions = NDArray[np.int64]

_DIGITS_OF_A_SCORE = 9  # sums of the same marks in another order differ beyond this


@dataclass(frozen=True)
class Chosen:
    """By proposal: whether it `won`, and how much money was `left` when its turn came."""

    won: NDArray[np.bool_]
    left: NDArray[np.number[Any]]


def down_the_list(order: Positions, ask: NDArray[np.number[Any]], budget: float, *, skip: bool = True) -> Chosen:
    """Fund proposals in full in `order`; what does not fit is passed over (`skip`) or ends the list.

    Arguments: `order`, positions; `ask` by proposal and `budget` in one unit of money.
    """
    won, left = np.zeros(len(ask), dtype=bool), np.zeros(len(ask), dtype=ask.dtype)
    available, ended = budget, False
    for position in order.tolist():
        left[position] = available
        if ended:
            continue
        if ask[position] <= available:
            won[position] = True
            available -= ask[position].item()
        else:
            ended = not skip
    return Chosen(won, left)


def tied(scores: Floats) -> Floats:
    """Scores with the last digits cut, so that what is equal on paper is equal here, shape like `scores`."""
    return np.asarray(np.round(scores, _DIGITS_OF_A_SCORE))


def best_first(scores: Floats, ids: Sequence[str]) -> Positions:
    """Positions by falling score, ties by id in natural order, shape (n,)."""
    return np.lexsort((natural_rank(ids), -tied(scores))).astype(np.int64)


def skip_parameter() -> Any:
    """The parameter `skip` of rules that go down a list."""
    return parameter(
        True,
        label=Bilingual(en="Skip what does not fit", zh="跳过资金不足者"),
        doc=Bilingual(
            en="Pass over what does not fit; otherwise the first that does not fit ends the list.",
            zh="资金不足者跳过、继续往下；否则遇到第一个不足者即止。",
        ),
        reference="practice; 364 elections of Pabulib stop at the first that does not fit",
    )


@dataclass(frozen=True)
class ListParams:
    """Parameters of a rule that goes down a list."""

    skip: bool = skip_parameter()


class ListRule(Rule, ABC):
    """Funding proposals in full down a list. A rule of this kind says how the list is ordered, and why."""

    Params: ClassVar[type] = ListParams
    family = "authority"

    @abstractmethod
    def ranking(self, view: RoundView) -> tuple[Positions, Sequence[Text]]:
        """Positions in the order of the list, and for each proposal (by position) what put it where it is."""

    def settle(self, view: RoundView) -> Award:
        """Fund down the list."""
        order, why = self.ranking(view)
        chosen = down_the_list(order, view.proposals.ask, view.budget, skip=self.params.skip)
        return award_of(view, chosen, why)


def award_of(view: RoundView, chosen: Chosen, why: Sequence[Text], **diagnostics: float) -> Award:
    """The award that pays each winner its ask, with its place in words."""
    paid = np.where(chosen.won, view.proposals.ask, 0).astype(np.int64)
    reasons = tuple(_reason(view, chosen, why[position], position) for position in range(len(paid)))
    unspent = float(view.budget - int(paid.sum()))
    return Award(paid=paid, reasons=reasons, diagnostics={"unspent_fen": unspent, **diagnostics})


def _reason(view: RoundView, chosen: Chosen, why: Text, position: int) -> Text:
    ask = int(view.proposals.ask[position])
    left = int(chosen.left[position])
    values = {"ask": in_yuan(ask), "left": in_yuan(left), "why": why}
    if chosen.won[position]:
        return _("paid in full: {ask} of the {left} yuan that were left ({why})").format(**values)
    if ask <= left:
        return _("nothing, though {left} yuan were left ({why})").format(**values)
    return _("nothing: {left} yuan were left for a project of {ask} yuan ({why})").format(**values)


def places(order: Positions) -> Positions:
    """Place of each proposal in the list (1 = first), shape (n,)."""
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(1, len(order) + 1)
    return place
