"""The types that commsim shares with its plugins: what a rule is given, what it announces, what it returns.

A rule has two outputs. With its **terms** it tells residents what will happen to their money, hours and votes; that is
how seed money draws people in. With its **award** it settles the round. It sees a frozen view of the round, holding
only what its `needs` list, and it never moves money: the core checks the award and posts it to the ledger.

A complete rule:

>>> import numpy as np
>>> class HalfOfEverything(Rule):
...     id = "example.half"
...     title = Bilingual(en="Half of everything", zh="各给一半")
...     def settle(self, view):
...         paid = np.minimum(view.proposals.ask // 2, view.budget // max(len(view.proposals), 1))
...         return Award(paid=paid, reasons=("half of what was asked",) * len(paid))
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, ClassVar

import numpy as np
import pluggy
from numpy.typing import NDArray

from commsim.errors import RuleError
from commsim.i18n import Bilingual, Text, _

PROJECT_NAME = "commsim"
API_VERSION = 1

hookspec = pluggy.HookspecMarker(PROJECT_NAME)
hookimpl = pluggy.HookimplMarker(PROJECT_NAME)

Fen = NDArray[np.int64]
"""Amounts in fen, one per proposal in the view's order."""


class Domain(enum.IntEnum):
    """Public-goods domains in which residents have needs and projects are made."""

    ELDER_CARE = 0
    CHILDREN = 1
    ENVIRONMENT = 2
    CULTURE_SPORT = 3
    SAFETY = 4
    PROPERTY_PARKING = 5


DOMAIN_NAMES: dict[Domain, Bilingual] = {
    Domain.ELDER_CARE: Bilingual(en="elder care", zh="为老服务"),
    Domain.CHILDREN: Bilingual(en="children", zh="儿童与青少年"),
    Domain.ENVIRONMENT: Bilingual(en="environment", zh="环境"),
    Domain.CULTURE_SPORT: Bilingual(en="culture and sport", zh="文体"),
    Domain.SAFETY: Bilingual(en="safety", zh="安全"),
    Domain.PROPERTY_PARKING: Bilingual(en="property and parking", zh="物业与停车"),
}


class Calls(enum.Enum):
    """What opening a round under a rule calls for."""

    PROPOSALS = "proposals"
    """Residents and committees are asked for proposals (every ordinary rule)."""
    SERVICES = "services"
    """Staff lay out a service plan from what they know of needs; residents are not called."""
    NOTHING = "nothing"
    """There is no fund: no round opens and no money is appropriated."""


BALLOT_KINDS = ("approval", "cumulative", "ranking", "knapsack", "split")


@dataclass(frozen=True)
class Ballot:
    """How residents vote in a round: `kind` of ballot and how many proposals each may mark (`most`).

    Kinds: "approval"; "cumulative" (points are spread over proposals); "ranking" (proposals are put in order);
    "knapsack" (whatever fits into the budget together is marked); "split" (the budget is divided among the areas or
    the domains, `over`, in parts that sum to 1). See `Choices`, for splits `Splits`, for what a rule then reads.
    """

    kind: str = "approval"
    most: int = 3
    over: str = "proposals"

    def __post_init__(self) -> None:
        if self.kind not in BALLOT_KINDS:
            raise RuleError(
                _("a ballot of kind {kind!r} came; known are {known}").format(
                    kind=self.kind, known=", ".join(BALLOT_KINDS)
                )
            )
        if self.most < 1:
            raise RuleError(_("a ballot must let residents mark at least one proposal; {n} came").format(n=self.most))


@dataclass(frozen=True)
class Terms:
    """What a rule announces before residents decide. Residents understand these words for any rule, also yours.

    Amounts are fen. Where a field may differ by proposal it takes a single number or an array in proposal order.
    An unknown word is an error: residents could not react to it.
    """

    match_rate: float = 0.0
    """Public fen added per fen that residents give (1 = one for one)."""
    match_cap: int | None = None
    """Most that one project can get as a match."""
    match_pool: int | None = None
    """Most that all matches of the round can take together; beyond it they shrink in proportion."""
    threshold: int | Fen | None = None
    """Residents' own money below which a project gets nothing."""
    refund: bool = True
    """Whether gifts go back when a project does not come about."""
    refund_bonus: float = 0.0
    """Extra per fen given that is paid on top of a refund."""
    seed_announced: int | Fen = 0
    """Public money announced as given to each project before residents are asked."""
    ballot: Ballot | None = None
    """Residents vote, and how; None where they do not."""
    min_match: float = 0.0
    """Own money or hours, as a share of the ask, without which a project is not considered."""
    min_votes: int = 0
    """Votes below which a project is not considered."""
    vouchers: int = 0
    """Public money that each resident may assign."""
    odds: float | None = None
    """Announced chance of an award, where the rule draws lots."""
    expected_award: int | Fen | None = None
    """What applicants may expect, where the rule knows beforehand (for example equal parts)."""

    def __post_init__(self) -> None:
        for name in ("match_rate", "refund_bonus", "min_match", "min_votes", "vouchers"):
            value = getattr(self, name)
            if not (value >= 0 and np.isfinite(value)):
                raise RuleError(
                    _("terms: {name} must be a number of 0 or more; {value!r} came").format(name=name, value=value)
                )


class Table:
    """Read-only columns of one length, some of which a rule has not asked for and so may not read.

    `table.ask` is the column `ask`; asking for a column that is not among the rule's `needs` is an error that says
    what to add. Also `len(table)` and `table.columns` (the readable names).
    """

    __slots__ = ("_columns", "_hidden", "_length", "_name")

    def __init__(self, name: str, length: int, columns: Mapping[str, Any], hidden: Mapping[str, str]) -> None:
        object.__setattr__(self, "_name", name)
        object.__setattr__(self, "_length", length)
        object.__setattr__(self, "_columns", {key: _frozen(value) for key, value in columns.items()})
        object.__setattr__(self, "_hidden", dict(hidden))

    def __len__(self) -> int:
        return self._length

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns that this rule may read."""
        return tuple(self._columns)

    def __getattr__(self, column: str) -> Any:
        if column in self._columns:
            return self._columns[column]
        if column in self._hidden:
            raise RuleError(
                _("{table}.{column} is hidden from this rule: it has to list {need!r} in its `needs`").format(
                    table=self._name, column=column, need=self._hidden[column]
                )
            )
        raise AttributeError(f"{self._name} has no column {column!r}; it has {', '.join(self._columns)}")

    def __setattr__(self, column: str, value: Any) -> None:
        raise AttributeError(f"{self._name}.{column} cannot be set: a rule sees a view, it does not change it")


def _frozen(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        value = value.view()
        value.flags.writeable = False
    return value


@dataclass(frozen=True)
class Choices:
    """Which resident chose which proposal, and by how much: compressed rows (CSR), read-only.

    Row r (one per resident who took part, unnamed) covers positions `start[r]` … `start[r + 1] - 1` of `proposal`
    (indices in proposal order) and `amount`: fen for pledges; for ballots 1 for an approval, points of a cumulative
    ballot, and for a ranking points by place (the last place that a ballot has room for gives 1, each place before it 1
    more), so that more is always better. Rows are in address order.
    """

    start: NDArray[np.int64]
    proposal: NDArray[np.int32]
    amount: NDArray[np.int64]

    def __post_init__(self) -> None:
        for name in ("start", "proposal", "amount"):
            object.__setattr__(self, name, _frozen(getattr(self, name)))

    @property
    def rows(self) -> int:
        """How many residents took part."""
        return len(self.start) - 1

    def totals(self, proposals: int) -> NDArray[np.int64]:
        """Sum of the amounts by proposal, shape (proposals,)."""
        totals = np.zeros(proposals, dtype=np.int64)
        np.add.at(totals, self.proposal, self.amount)
        return totals

    @classmethod
    def empty(cls) -> Choices:
        """Nobody took part."""
        return cls(np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.int64))


@dataclass(frozen=True)
class Influence:
    """Ties along which taking part spreads (independent cascade): `nodes` circles of residents, arc a leads from
    `source[a]` to `target[a]` and carries with `probability[a]` (0–1); `weight[v]` residents are in circle v;
    `start[j]` is the circle in which proposal j would begin."""

    source: NDArray[np.int32]
    target: NDArray[np.int32]
    probability: NDArray[np.float64]
    weight: NDArray[np.float64]
    start: NDArray[np.int32]

    def __post_init__(self) -> None:
        for name in ("source", "target", "probability", "weight", "start"):
            object.__setattr__(self, name, _frozen(getattr(self, name)))

    @classmethod
    def empty(cls, proposals: int) -> Influence:
        """Nothing is known: every proposal begins in a circle of its own weight 1, and none is tied to another."""
        none, own = np.zeros(0, np.int32), np.arange(proposals, dtype=np.int32)
        return cls(none, none, np.zeros(0), np.ones(proposals), own)


@dataclass(frozen=True)
class Splits:
    """How residents would divide the budget, counted: alike proposals share a row, so that no row is a resident.

    `options`: names of what is divided among (areas, or domains); `of_proposal`: the option that each proposal of the
    round falls to (index, −1 = none); `share` (rows, options): parts of the budget, each row summing to 1; `count`:
    how many residents proposed each row.
    """

    options: tuple[str, ...]
    of_proposal: NDArray[np.int32]
    share: NDArray[np.float64]
    count: NDArray[np.int64]

    def __post_init__(self) -> None:
        for name in ("of_proposal", "share", "count"):
            object.__setattr__(self, name, _frozen(getattr(self, name)))

    @classmethod
    def empty(cls, options: tuple[str, ...], of_proposal: NDArray[np.int32]) -> Splits:
        """Nobody proposed a split."""
        return cls(options, of_proposal, np.zeros((0, len(options))), np.zeros(0, np.int64))


@dataclass(frozen=True)
class RoundKey:
    """Which round this is: a fund's id, the unit that decides (a committee, a subdistrict, the district), the year."""

    fund: str
    unit: str
    period: int

    def __str__(self) -> str:
        return f"{self.fund}/{self.unit}/{self.period}"


NEEDS: dict[str, tuple[str, ...]] = {
    "population": ("areas.population",),
    "need": ("areas.need",),
    "last_award": ("areas.last_award",),
    "category": ("proposals.category",),
    "submitted_at": ("proposals.submitted_at",),
    "readiness": ("proposals.readiness",),
    "scores": ("proposals.scores", "marks"),
    "splits": ("splits",),
    "vouchers": ("vouchers",),
    "running": ("running",),
    "performance": ("areas.performance",),
    "deprivation": ("areas.poverty", "areas.overcrowding", "areas.growth_lag", "areas.old_housing"),
    "beneficiaries": ("proposals.beneficiaries",),
    "writer": ("proposals.writer",),
    "pledges": ("pledges",),
    "ballots": ("ballots",),
    "history": ("history",),
    "hours": ("proposals.hours",),
    "response": ("proposals.response",),
    "clusters": ("clusters",),
    "coverage": ("coverage",),
    "influence": ("influence",),
}
"""What a rule may ask for in `needs`, and which parts of the view that opens. All else of the view is always open."""


@dataclass(frozen=True)
class RoundView:
    """Everything a rule is shown of a round. Frozen; arrays are read-only; nothing has a row per resident.

    Always open: `round`, `month` (0 = first month of the run), `date` ("2017-04"), `budget` and `carried` (fen; the
    budget holds what was carried over), `terms` (what the rule announced; None before), and of the proposals `id`,
    `area` (index into areas), `ask` and `minimum_viable` (fen). The rest opens through `needs`, see `NEEDS`.
    """

    round: RoundKey
    month: int
    date: str
    budget: int
    carried: int
    proposals: Table
    areas: Table
    terms: Terms | None = None
    within_area: str = "submitted_at"
    order: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    """Proposals sorted by the fund's order inside an area (ties by id); a rule that divides among areas pays in it."""
    _pledges: Choices | None = None
    _ballots: Choices | None = None
    _history: tuple[Mapping[str, Any], ...] | None = None
    _draw: Callable[[str, Sequence[str]], NDArray[np.float64]] | None = None
    _marks: NDArray[np.float64] | None = None
    _splits: Splits | None = None
    _vouchers: Choices | None = None
    _running: int | None = None
    _clusters: NDArray[np.float64] | None = None
    _coverage: Choices | None = None
    _influence: Influence | None = None

    @property
    def clusters(self) -> NDArray[np.float64]:
        """Membership (0–1) of each donor in each cluster of residents, shape (pledges.rows, clusters), donors in the
        order of the rows of `pledges`; no columns where nothing is known of clusters."""
        return self._open("clusters", self._clusters)

    @property
    def coverage(self) -> Choices:
        """Whom proposals reach: one row for each group of residents that the same proposals reach, holding these
        proposals; `amount` is the number of residents of the group (the same along a row)."""
        return self._open("coverage", self._coverage)

    @property
    def influence(self) -> Influence:
        """Who draws in whom among the circles that proposals start from."""
        return self._open("influence", self._influence)

    @property
    def pledges(self) -> Choices:
        """Residents' pledges so far, in fen."""
        return self._open("pledges", self._pledges)

    @property
    def ballots(self) -> Choices:
        """Residents' approvals."""
        return self._open("ballots", self._ballots)

    @property
    def marks(self) -> NDArray[np.float64]:
        """Marks that judges gave, shape (judges, proposals); higher is better, NaN where a judge gave none."""
        return self._open("scores", self._marks)

    @property
    def splits(self) -> Splits:
        """How residents would divide the budget among areas or domains."""
        return self._open("splits", self._splits)

    @property
    def vouchers(self) -> Choices:
        """Public money that residents assigned to proposals with their vouchers, in fen."""
        return self._open("vouchers", self._vouchers)

    @property
    def running(self) -> int:
        """How many projects of this fund and unit are being built now."""
        return int(self._open("running", self._running))

    @property
    def history(self) -> tuple[Mapping[str, Any], ...]:
        """Earlier rounds of the same fund and unit, oldest first: period, proposals, paid, completed, readiness."""
        return self._open("history", self._history)

    def draw(self, name: str, ids: Sequence[str]) -> NDArray[np.float64]:
        """Uniforms in (0, 1), one per id, fixed by (seed, replicate, round, name, id): the only luck a rule may use."""
        if self._draw is None:
            raise RuleError(_("this view was made without draws"))
        return self._draw(name, ids)

    def _open(self, need: str, value: Any) -> Any:
        if value is None:
            raise RuleError(
                _("view.{column} is hidden from this rule: it has to list {need!r} in its `needs`").format(
                    column=need, need=need
                )
            )
        return value


@dataclass(frozen=True)
class Award:
    """How a rule settles a round.

    `paid`: int64 fen by proposal, in the view's order. `reasons`: one sentence by proposal, also for those that get
    nothing; people read them. `refunds`: fen given back by pledge (order of `view.pledges.amount`); None leaves it to
    the core, which gives back every pledge to a project that does not come about. `tranches`: shares of the award paid
    at start and at later milestones, summing to 1. `carry`: fen kept for the next round (only where the fund may).
    `bonuses`: public fen by pledge (order of `view.pledges.amount`) paid to donors on top of a refund.
    `diagnostics`: numbers worth keeping, such as a scale factor.
    """

    paid: Fen
    reasons: tuple[str | Text, ...]
    refunds: NDArray[np.int64] | None = None
    tranches: tuple[float, ...] = (1.0,)
    waitlist: tuple[str, ...] = ()
    carry: int = 0
    diagnostics: Mapping[str, float] = field(default_factory=dict)
    bonuses: NDArray[np.int64] | None = None


@dataclass(frozen=True)
class Review:
    """What a rule decides after delivery: proposals whose unspent money is reclaimed, and why."""

    reclaim: tuple[str, ...] = ()
    reasons: tuple[str | Text, ...] = ()


def parameter(
    default: Any,
    *,
    doc: Bilingual,
    unit: str = "",
    ge: float | None = None,
    le: float | None = None,
    choices: Sequence[Any] | None = None,
    sweep: tuple[float, float] | None = None,
    reference: str = "",
) -> Any:
    """A field of a rule's `Params`: its default with unit, bounds, words in both languages, sweep range, reference."""
    metadata = {
        "doc": doc,
        "unit": unit,
        "ge": ge,
        "le": le,
        "choices": tuple(choices) if choices is not None else None,
        "sweep": sweep,
        "reference": reference,
    }
    return field(default=default, metadata=metadata)


@dataclass(frozen=True)
class NoParams:
    """Parameters of a rule that has none."""


class Rule:
    """A way of handing out a fund. Subclass it, name it, write `settle`.

    Class attributes: `id` ("vendor.name", how a scenario chooses it), `title` and `summary` (both languages), `needs`
    (see `NEEDS`), `calls` (see `Calls`), `properties` it claims, `source` (paper, statute or practice), `Params` (a
    frozen dataclass whose fields are made with `parameter`), `api` (version of this contract).
    """

    id: ClassVar[str]
    title: ClassVar[Bilingual]
    summary: ClassVar[Bilingual] = Bilingual(en="", zh="")
    family: ClassVar[str] = ""
    api: ClassVar[int] = API_VERSION
    needs: ClassVar[frozenset[str]] = frozenset()
    calls: ClassVar[Calls] = Calls.PROPOSALS
    properties: ClassVar[frozenset[str]] = frozenset()
    source: ClassVar[str] = ""
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

    def review(self, view: RoundView) -> Review:
        """After delivery: reclaim money from projects that failed. Default: nothing beyond what the core reclaims."""
        return Review()

    @classmethod
    def parameters(cls) -> Iterator[tuple[str, Any, Mapping[str, Any]]]:
        """Name, default and metadata (see `parameter`) of each parameter of this rule."""
        for one in fields(cls.Params):
            default = one.default if one.default is not MISSING else None
            yield one.name, default, one.metadata


class Modifier:
    """A condition laid over any rule, such as a cap or a minimum of votes. Subclass it, name it, write what it changes.

    Modifiers apply in the order in which a scenario lists them. Before the rule settles, each may keep proposals out
    (`keep_out`) or serve some first (`reserve`), and say how ties are broken (`tie_order`); the rule then divides what
    is left among the rest. Afterwards each may strike proposals out (`strike_out`: the rule settles again without
    them), and change the award (`adjust`). Whatever it changes, it says why in the reasons.

    Class attributes as those of `Rule`: `id`, `title`, `summary`, `needs`, `source`, `Params`, `api`.
    """

    id: ClassVar[str]
    title: ClassVar[Bilingual]
    summary: ClassVar[Bilingual] = Bilingual(en="", zh="")
    api: ClassVar[int] = API_VERSION
    needs: ClassVar[frozenset[str]] = frozenset()
    source: ClassVar[str] = ""
    Params: ClassVar[type] = NoParams

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

    def strike_out(self, view: RoundView, award: Award) -> Mapping[int, Text]:
        """Proposals that cannot be in this outcome, each with the reason; the rule settles again without them."""
        return {}

    def adjust(self, view: RoundView, award: Award, eligible: NDArray[np.bool_]) -> Award:
        """The award with what this modifier changes. `eligible`: proposals that were neither kept nor struck out."""
        return award

    @classmethod
    def parameters(cls) -> Iterator[tuple[str, Any, Mapping[str, Any]]]:
        """Name, default and metadata (see `parameter`) of each parameter of this modifier."""
        for one in fields(cls.Params):
            yield one.name, None if one.default is MISSING else one.default, one.metadata


class Registrar:
    """What a plugin's `commsim_register_rules(register)` is handed: call it with each rule or modifier class."""

    def __call__(self, rule: type[Rule] | type[Modifier]) -> None:
        """Offer `rule` (a rule or a modifier) under its id."""
        raise RuleError(_("this registrar is closed"))
