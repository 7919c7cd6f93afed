"""The people of a laboratory: the district's columns that decisions use, for any number of people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

from commsim.converted_field import Converted
from commsim.errors import InvalidInput
from commsim.i18n import Text, _
from commsim.lab.argument_names import spelled, spelled_method
from commsim.lab.checks import InvalidField, count, value
from commsim.lab.field_kinds import MOST_PEOPLE, Made, brief
from commsim.lab.measured_effects import intercept_for, kernel_parameters
from commsim.memory import BYTES_A_PERSON, too_much_memory
from commsim.money import ROUNDING
from commsim.randomness import Draws
from commsim.suggestions import did_you_mean_or_known
from commsim.world.records import BehaviouralType, World
from commsim.world.schedules import first_beliefs, schedule_columns
from commsim.world.scores import probabilities_of_share

Column = NDArray[Any]
Columns = dict[str, Column]

RANGES: dict[str, tuple[float, float]] = {
    "type": (0, 3),
    "schedule_base": (-1, 1),
    "schedule_slope": (-5, 5),
    "belief": (0, 1),
    "habit": (0, 1),
    "hope": (0, 1),
    "optimism": (0, 1),
    "schedule_peak": (0, 1),
    "experienced": (0, 1),
    "active": (0, 1),
    "known": (0, 1),
    "age": (0, 120),
    "party": (0, 1),
}
"""Lowest and highest value of columns that have them; what is not named here may be any finite number."""
FLAGS = ("experienced", "active", "known", "party")
"""Columns of true and false (or 1 and 0)."""
WHOLE = ("type", "age", *FLAGS)
"""Columns of whole numbers, which are kept as such."""
COLUMNS: dict[str, str] = {
    "type": "BehaviouralType (0 conditional cooperator, 1 free rider, 2 hump-shaped, 3 other)",
    "schedule_base": "share given where nobody else gives",
    "schedule_slope": "share given per share believed",
    "schedule_peak": "believed share beyond which the schedule turns (1: never)",
    "belief": "believed share that the others give, 0–1",
    "habit": "how used one is to taking part, 0–1",
    "disposition": "lasting readiness to say yes, standard normal",
    "means": "what one could give (log), standard normal",
    "optimism": "lasting uniform: the lower, the longer one goes on hoping in a repeated game",
    "hope": "share that an optimist gives at first, 0–1",
    "experienced": "gave to this cause before",
    "active": "took part in the last year",
    "known": "known to those who recruit",
    "age": "years",
    "party": "Party member",
}
"""Every column of a population, and what it holds. Any of them may be given to `Population.sample`."""

_TYPE_SHARES = ("cc", "free_rider", "hump", "other")
_OLDEST = 85


def _as_arrays(columns: Any) -> Any:
    """The columns as arrays; what is no mapping is left for the check that tells of it."""
    if not isinstance(columns, Mapping):
        return columns
    return {name: np.asarray(column) for name, column in columns.items()}


class UnknownColumn(InvalidField, KeyError):
    """A column that no population has was asked for."""


@spelled
@dataclass(frozen=True)
class Population:
    """People as columns of one length (`COLUMNS`). Make one with `sample` or `from_world`; `len()` is its size."""

    columns: Converted[Mapping[str, Column]] = Converted(_as_arrays)

    def __post_init__(self) -> None:
        value(
            "Population",
            "columns",
            self.columns,
            Made(Mapping, _("a mapping of names to columns (see Population.sample)")),
        )
        sizes = {np.shape(column)[:1] for column in self.columns.values()}
        if set(self.columns) != set(COLUMNS) or len(sizes) != 1 or sizes <= {(), (0,)}:
            raise InvalidInput(_("a population needs all of its columns, of one length above 0; see Population.sample"))
        for name, column in self.columns.items():
            _check_column(name, column, len(self))

    def __len__(self) -> int:
        return len(self.columns["type"])

    def __getitem__(self, column: str) -> Column:
        try:
            return self.columns[column]
        except (KeyError, TypeError):
            raise UnknownColumn(_no_column(column), str(column)) from None

    @classmethod
    @spelled_method
    def sample(cls, n: int, seed: int = 1, parameters: Mapping[str, float] | None = None, **columns: Any) -> Population:
        """`n` people as the registry describes residents; the same seed gives the same people.

        `columns` sets any column of `COLUMNS` for everyone (a number) or person by person (a sequence of length n);
        giving `type` also gives the schedules of that type. `parameters`: registry values that differ here. Ages are
        spread evenly over adults. Raises InvalidInput for n below 1 or above 10**8, and for a column that is unknown,
        of another length or out of its range (`RANGES`).
        """
        count("Population.sample", "seed", seed, 0)
        return cls._drawn(n, Draws(seed), parameters, columns)

    @classmethod
    def of_replicate(cls, n: int, seed: int, replicate: int, parameters: Mapping[str, float] | None) -> Population:
        """`n` people of their own for each replicate; those of replicate 0 are the ones that `sample` gives."""
        return cls._drawn(n, Draws(seed, replicate), parameters, {})

    @classmethod
    def _drawn(
        cls, n: int, draws: Draws, parameters: Mapping[str, float] | None, columns: Mapping[str, Any]
    ) -> Population:
        count("Population.sample", "n", n, 1, MOST_PEOPLE)
        refused = too_much_memory(n, BYTES_A_PERSON)
        if refused is not None:
            raise InvalidField(_("Population.sample: {problem}").format(problem=refused), "n")
        values = kernel_parameters(parameters)
        columns = {name: _given(n, name, value) for name, value in columns.items()}
        made = _lasting(n, values, draws)
        made.update(_schedules(n, columns.get("type"), values, draws))
        age = columns.get("age", made["age"])
        made["habit"] = _habits(age, values, draws)
        made["known"] = draws.uniforms("lab.known", n) < _known(age, values)
        made.update(columns)
        return cls(made if "active" in columns else {**made, "active": _active(made, values, draws)})

    @classmethod
    def from_world(cls, world: World, seed: int = 1) -> Population:
        """Adults of a built district (`commsim.world.build.build_world`), in address order with their own columns."""
        value("Population.from_world", "world", world, Made(World, _("a built district (commsim.build_world)")))
        count("Population.from_world", "seed", seed, 0)
        values = kernel_parameters()
        adult = np.flatnonzero(world.columns["age"] >= values["attributes.adult_age"])
        made = _lasting(adult.size, values, Draws(seed))
        made.update({name: np.asarray(world.columns[name])[adult] for name in COLUMNS if name in world.columns})
        return cls({**made, "active": _active(made, values, Draws(seed))})

    def having(self, **columns: Any) -> Population:
        """The same people, but for the `columns` given (a number for everyone, or one per person)."""
        return Population({**self.columns, **{name: _given(len(self), name, value) for name, value in columns.items()}})

    def only(self, who: Any) -> Population:
        """Some of them: a mask of shape (n,) or positions from 0. Raises InvalidInput for anything else, or nobody."""
        chosen = np.asarray(who)
        mask = chosen.dtype == np.bool_ and chosen.shape == (len(self),) and chosen.any()
        places = chosen.dtype.kind in "iu" and chosen.ndim == 1 and chosen.size > 0
        if not mask and not (places and chosen.min() >= 0 and chosen.max() < len(self)):
            text = _(
                "Population.only takes {n} values true or false, or positions from 0 to {last}, one at least; {came} "
                "came"
            )
            raise InvalidInput(text.format(n=len(self), last=len(self) - 1, came=brief(who)))
        return Population({name: column[chosen] for name, column in self.columns.items()})

    def first(self, n: int | None) -> Population:
        """The first `n` of them (None, or as many as there are: all)."""
        return self if n is None or n >= len(self) else self.only(np.arange(n))


def _lasting(n: int, parameters: Mapping[str, float], draws: Draws) -> Columns:
    """Columns that do not hang on others."""
    youngest = parameters["attributes.adult_age"]
    age = youngest + np.floor((_OLDEST + 1 - youngest) * draws.uniforms("lab.age", n))
    return {
        "belief": first_beliefs(n, np.zeros(n, dtype=bool), parameters, draws),
        "disposition": draws.normals("lab.disposition", n),
        "means": draws.normals("lab.means", n),
        "optimism": draws.uniforms("lab.optimism", n),
        "hope": draws.uniforms("lab.hope", n),
        "experienced": np.zeros(n, dtype=bool),
        "age": age.astype(np.uint8),
        "party": draws.uniforms("lab.party", n) < parameters["attributes.party_share"],
    }


def _schedules(n: int, given: Any, parameters: Mapping[str, float], draws: Draws) -> Columns:
    """Types and schedules; where the type is given, the schedule that the same luck would make for that type."""
    if given is None:
        return schedule_columns(n, parameters, draws)
    kind = np.asarray(given)
    made: Columns = {"type": kind}
    for behaviour in BehaviouralType:
        alone = {f"attributes.share_{name}": float(i == behaviour) for i, name in enumerate(_TYPE_SHARES)}
        pure = schedule_columns(n, {**parameters, **alone}, draws)
        for name in ("schedule_base", "schedule_slope", "schedule_peak"):
            made[name] = np.where(kind == behaviour, pure[name], made.get(name, pure[name]))
    return made


def _habits(age: Column, parameters: Mapping[str, float], draws: Draws) -> Column:
    older = age >= parameters["attributes.older_age"]
    strength = parameters["attributes.habit"] + parameters["attributes.habit_older"] * older
    noise = parameters["attributes.habit_spread"] * draws.normals("lab.habit", age.size)
    return np.asarray(np.clip(strength + noise, 0.0, 1.0))


def _known(age: Column, parameters: Mapping[str, float]) -> NDArray[np.float64]:
    """Chance of being known to those who recruit: the district's share and its leaning to older people."""
    older = parameters["attributes.known_older"] * (age >= parameters["attributes.older_age"])
    return probabilities_of_share(np.asarray(older, np.float64), parameters["attributes.known_share"])


def _active(made: Columns, parameters: Mapping[str, float], draws: Draws) -> Column:
    """Who took part in the last year: those readier to say yes, sooner."""
    lasting = parameters["lab.disposition_spread"] * made["disposition"] + parameters["yes.habit"] * made["habit"]
    level = intercept_for(parameters["lab.active_share"], np.asarray(lasting, dtype=np.float64))
    return np.asarray(logit(draws.uniforms("lab.active", lasting.size)) < level + lasting)


def _no_column(name: object) -> Text:
    text = _("a population has no column {name!r}. {hint}")
    return text.format(name=name, hint=did_you_mean_or_known(str(name), tuple(COLUMNS)))


def _given(n: int, name: str, value: Any) -> Column:
    if name not in COLUMNS:
        raise UnknownColumn(_no_column(name), name)
    try:
        column = np.asarray(value)
    except ValueError:
        text = _("column {name!r} needs one value or {n} of them in one row; {came} came")
        raise InvalidField(text.format(name=name, n=n, came=brief(value)), name) from None
    _check_column(name, column, n)
    if name in WHOLE:
        column = column.astype(np.bool_ if name in FLAGS else np.uint8)
    return np.array(np.broadcast_to(column, (n,)))


def _check_column(name: str, column: Column, n: int) -> None:
    """Refuse another shape, what is not a number, and what is out of range. Raises InvalidField."""
    if column.shape not in ((), (n,)):
        text = _("column {name!r} needs one value or {n} of them; an array of shape {shape} came")
        raise InvalidField(text.format(name=name, n=n, shape=column.shape), name)
    if column.dtype.kind not in "biuf" or not np.all(np.isfinite(column)):
        text = _("column {name!r} needs finite numbers or true and false; {came} came")
        raise InvalidField(text.format(name=name, came=brief(column.tolist())), name)
    low, high = RANGES.get(name, (-np.inf, np.inf))
    slack = ROUNDING * np.abs(np.nan_to_num([low, high], posinf=0.0, neginf=0.0))
    if not (low - slack[0] <= column.min() and column.max() <= high + slack[1]):
        text = _("column {name!r} must lie between {low:g} and {high:g}; {came:g} came")
        came = column.min() if column.min() < low else column.max()
        raise InvalidField(text.format(name=name, low=low, high=high, came=float(came)), name)
    if name in WHOLE and column.dtype.kind == "f" and np.any(column % 1):
        came = float(column[column % 1 != 0][0]) if column.ndim else float(column)
        text = _("column {name!r} takes whole numbers from {low:g} to {high:g}; {came:g} came")
        if name in FLAGS:
            text = _("column {name!r} takes true and false, or 1 and 0; {came:g} came")
        raise InvalidField(text.format(name=name, low=low, high=high, came=came), name)
