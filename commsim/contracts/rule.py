"""A rule, a modifier, their parameters, and the registrar that a plugin is handed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, ClassVar

import numpy as np
import pluggy
from numpy.typing import NDArray

from commsim.about import PROJECT_NAME
from commsim.contracts.awards import Award, Review
from commsim.contracts.terms import Calls, Fen, Terms
from commsim.contracts.view import RoundView
from commsim.errors import RuleError
from commsim.i18n import Bilingual, Text, _

API_VERSION = 1

hookspec = pluggy.HookspecMarker(PROJECT_NAME)
hookimpl = pluggy.HookimplMarker(PROJECT_NAME)


def parameter(
    default: Any,
    *,
    doc: Bilingual,
    label: Bilingual | None = None,
    unit: str = "",
    ge: float | None = None,
    le: float | None = None,
    choices: Sequence[Any] | None = None,
    sweep: tuple[float, float] | None = None,
    reference: str = "",
) -> Any:
    """A field of a rule's `Params`: its default with unit, bounds, words in both languages, sweep range, reference.

    `label`: a few words that name it; without one the field's name is shown, with spaces. `unit`: of a number, also of
    one without dimension ("share", "ratio", "count").
    """
    metadata = {
        "doc": doc,
        "label": label,
        "unit": unit,
        "ge": ge,
        "le": le,
        # A word is kept as it came: as a tuple it would be its letters. It is refused when the plugin is loaded.
        "choices": tuple(choices) if isinstance(choices, Iterable) and not isinstance(choices, str) else choices,
        "sweep": sweep,
        "reference": reference,
    }
    return field(default=default, metadata=metadata)


def _labelled(name: str, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """A parameter's facts with a label, made from its name where its author gave none."""
    words = name.replace("_", " ").strip().capitalize()
    return {**facts, "label": facts.get("label") or Bilingual(en=words, zh=words)}


@dataclass(frozen=True)
class NoParams:
    """Parameters of a rule that has none."""


class Rule:
    """A way of handing out a fund. Subclass it, name it, write `settle`.

    Class attributes: `id` ("vendor.name", how a scenario chooses it), `title` and `summary` (both languages),
    `also_called` (other names of the literature, by which an unknown id is guessed; not inherited), `needs` (see
    `NEEDS`), `calls` (see `Calls`), `properties` it claims, `source` (paper, statute or practice; words may be a
    `Bilingual`), `Params` (a frozen dataclass whose fields are made with `parameter`), `api` (version of this
    contract).
    """

    id: ClassVar[str]
    title: ClassVar[Bilingual]
    summary: ClassVar[Bilingual] = Bilingual(en="", zh="")
    also_called: ClassVar[tuple[str, ...]] = ()
    family: ClassVar[str] = ""
    api: ClassVar[int] = API_VERSION
    needs: ClassVar[frozenset[str]] = frozenset()
    calls: ClassVar[Calls] = Calls.PROPOSALS
    properties: ClassVar[frozenset[str]] = frozenset()
    source: ClassVar[str | Bilingual] = ""
    Params: ClassVar[type] = NoParams

    def __init__(self, params: Any = None) -> None:
        self.params: Any = self.Params() if params is None else params

    def open_round(self, view: RoundView) -> Terms:
        """What residents are told when the round opens. Default: nothing beyond that gifts go back if it fails."""
        return Terms()

    def after_pledges(self, view: RoundView) -> None:
        """Called once a month while pledges come in; a place to observe, at most once a month."""

    def settle(self, view: RoundView) -> Award:
        """Who gets what. The only method that a rule must have."""
        raise RuleError(_("rule {id!r} has no settle method").format(id=self.id))

    def quote(self, view: RoundView, amount: int) -> Fen | None:
        """What one more donor who gives `amount` fen would change: public fen more (or fewer) by proposal, shape (n,).

        Default: None, and the core settles twice to find out. A rule with a formula for it is faster. Residents see it
        where the terms say `quoted`.
        """
        return None

    def review(self, view: RoundView) -> Review:
        """After delivery: reclaim money from projects that failed. Default: nothing beyond what the core reclaims."""
        return Review()

    @classmethod
    def parameters(cls) -> Iterator[tuple[str, Any, Mapping[str, Any]]]:
        """Name, default and metadata (see `parameter`) of each parameter of this rule."""
        for named in fields(cls.Params):
            default = named.default if named.default is not MISSING else None
            yield named.name, default, _labelled(named.name, named.metadata)


class Modifier:
    """A condition laid over any rule, such as a cap or a minimum of votes. Subclass it, name it, write what it changes.

    Modifiers apply in the order in which a scenario lists them. Before the rule settles, each may keep proposals out
    (`keep_out`) or serve some first (`reserve`), and say how ties are broken (`tie_order`); the rule then divides what
    is left among the rest. Afterwards each may strike proposals out (`strike_out`: the rule settles again without
    them), and change the award (`adjust`). Whatever it changes, it says why in the reasons.

    Class attributes as those of `Rule`: `id`, `title`, `summary`, `needs`, `source`, `Params`, `api`; and `final`:
    whether nothing may be reserved for a proposal that it keeps out (else what is reserved wins all the same).
    """

    id: ClassVar[str]
    title: ClassVar[Bilingual]
    summary: ClassVar[Bilingual] = Bilingual(en="", zh="")
    api: ClassVar[int] = API_VERSION
    needs: ClassVar[frozenset[str]] = frozenset()
    source: ClassVar[str | Bilingual] = ""
    Params: ClassVar[type] = NoParams
    final: ClassVar[bool] = False

    def __init__(self, params: Any = None) -> None:
        self.params: Any = self.Params() if params is None else params

    def announce(self, terms: Terms, view: RoundView) -> Terms:
        """What residents are told, given what the rule would tell them. Default: the same."""
        return terms

    def keep_out(self, view: RoundView) -> Mapping[int, Text]:
        """Proposals (positions) that the rule is not shown, each with the reason. Default: none."""
        return {}

    def reserve(self, view: RoundView) -> Mapping[int, tuple[int, Text]]:
        """Proposals served before the rule divides the rest: position to (fen, reason). Default: none."""
        return {}

    def tie_order(self, view: RoundView) -> NDArray[np.int64] | None:
        """Positions of all proposals in the order in which ties go to them; None leaves ties to ids."""
        return None

    def strike_out(self, view: RoundView, award: Award, kept: NDArray[np.bool_]) -> Mapping[int, Text]:
        """Proposals that cannot be in this outcome, each with the reason; the rule settles again without them.

        `kept`: proposals that stay whatever else does: those reserved, and, where a modifier has changed the award, all
        that won before. Whoever cannot be beside one of them is struck out.
        """
        return {}

    def adjust(self, view: RoundView, award: Award, eligible: NDArray[np.bool_]) -> Award:
        """The award with what this modifier changes. `eligible`: proposals that were neither kept nor struck out."""
        return award

    @classmethod
    def parameters(cls) -> Iterator[tuple[str, Any, Mapping[str, Any]]]:
        """Name, default and metadata (see `parameter`) of each parameter of this modifier."""
        for named in fields(cls.Params):
            default = named.default if named.default is not MISSING else None
            yield named.name, default, _labelled(named.name, named.metadata)


class Registrar:
    """What a plugin's `commsim_register_rules(register)` is handed: call it with each rule or modifier class."""

    def __call__(self, rule: type[Rule] | type[Modifier]) -> None:
        """Offer `rule` (a rule or a modifier) under its id."""
        raise RuleError(_("this registrar is closed"))
