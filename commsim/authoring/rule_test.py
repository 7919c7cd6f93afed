"""The test of a rule in twenty lines: a class says what the rule is and does, inherited tests try the rest.

class TestEvenParts(RuleTest):
    rule = "mine.rule"
    plugins = (Path(__file__).with_name("my_rule.py"),)
    properties = frozenset({"anonymous"})
    worked = (Worked({"budget": 10, "projects": {"a": 8, "b": 3}}, {"a": 5.0, "b": 3.0}, "by hand"),)

pytest finds the class and runs every test below on it. Nothing here needs pytest: `TestEvenParts.run()` does the same.
After Axelrod's `TestPlayer`, the base of the tests of its strategies (github.com/Axelrod-Python/Axelrod).
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from commsim.authoring.contract_checks import GIFTS
from commsim.authoring.hash_order import in_json
from commsim.authoring.properties import TESTED
from commsim.authoring.sample_rounds import award_in, made_round
from commsim.authoring.source_scan import hidden_luck
from commsim.calling.call import call_rule
from commsim.calling.quotes import misquoted
from commsim.contracts import Award, RoundView, Rule
from commsim.contracts.properties import KNOWN
from commsim.evaluation.evaluate import evaluate
from commsim.evaluation.examples import alike
from commsim.i18n import LANGUAGES, Text, _
from commsim.plugin_host.catalogue import Catalogue
from commsim.plugin_host.loader import load_catalogue
from commsim.plugin_host.own_rules import class_of
from commsim.plugin_host.values import convert
from commsim.suggestions import listed

_CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Worked:
    """An example worked by hand or in the literature: what `evaluate` is given, and what it has to answer.

    Amounts in yuan. `source`: who worked it; `params`: parameters of the rule, as `evaluate` takes them; with `partly`,
    `expected` names some words only of an answer by word (`funded`, `refunds`, …).
    """

    given: Mapping[str, Any]
    expected: Any
    source: str
    params: Mapping[str, Any] = field(default_factory=dict)
    partly: bool = False


class RuleTest:
    """What every rule can be put to: derive a class whose name begins with `Test`, and fill in the first words.

    A failed test raises AssertionError, which says the made round or the example, what was expected and what came.
    """

    rule: ClassVar[str | type[Rule]]
    """The rule's id, or its class."""
    plugins: ClassVar[Sequence[str | Path]] = ()
    """Files that offer it; none for a rule that is built in, installed, or given as a class."""
    properties: ClassVar[frozenset[str]] = frozenset()
    """All that it claims of itself with its parameters at their defaults."""
    worked: ClassVar[Sequence[Worked]] = ()
    """Examples, each with its source."""
    variants: ClassVar[Sequence[Mapping[str, Any]]] = ({},)
    """Parameters with which it is tried in made rounds."""
    rounds: ClassVar[int] = 20
    """How many made rounds it is tried in with each of the variants."""
    tolerance: ClassVar[float] = 1e-6
    """By how many yuan the answer to an example may be off."""
    order_matters: ClassVar[bool] = False
    """True for a rule that goes by the place of a proposal in the list on purpose."""
    in_chinese: ClassVar[bool] = True
    """False for a rule whose reasons are meant for readers of one language."""

    def test_its_worked_examples_come_out(self) -> None:
        """Every example of `worked` is answered as its source has it."""
        for number, example in enumerate(self.worked, start=1):
            came = self._answer(example)
            told = {name: came[name] for name in example.expected} if example.partly else came
            place = _("example {number} ({source})").format(number=number, source=example.source)
            text = _("{place}: {expected} was expected; {came} came")
            _hold(
                alike(told, example.expected, self.tolerance),
                text.format(place=place, expected=example.expected, came=came),
            )

    def test_it_claims_what_is_declared_here_and_nothing_unknown(self) -> None:
        """Its `properties` are those of the test, and words that commsim knows."""
        claimed = frozenset(self._made({}).properties)
        text = _("it claims {claimed}; the test declares {declared}")
        _hold(
            claimed == self.properties,
            text.format(claimed=listed(sorted(claimed)) or "–", declared=listed(sorted(self.properties)) or "–"),
        )
        unknown = sorted(claimed - KNOWN.keys())
        _hold(not unknown, _("there are no properties {unknown}").format(unknown=listed(unknown)))

    def test_what_it_claims_holds_in_made_rounds(self) -> None:
        """Claims that a made round can refute are not refuted; the others want tests of their own."""
        for params in self.variants:
            rule = self._made(params)
            for claim in sorted(set(rule.properties) & TESTED.keys()):
                problem = TESTED[claim](rule)
                _hold(problem is None, problem)

    def test_it_stays_within_the_budget_and_loses_no_fen(self) -> None:
        """The contract is kept; public money stays within the budget, and nobody gets back more than they gave."""
        for number, rule, view in self._rounds():
            award = award_in(rule, view)
            gifts = _gifts(rule, view)
            back = np.zeros_like(gifts) if award.refunds is None else award.refunds
            bonus = np.zeros_like(back) if award.bonuses is None else award.bonuses
            spent = int(award.paid.sum()) + int(bonus.sum()) + int(award.carry)
            kept = bool((award.paid >= 0).all() and (award.paid <= view.proposals.ask).all() and spent <= view.budget)
            given = bool((back >= 0).all() and (back <= gifts).all() and not bonus[back == 0].any())
            text = _("made round {number}: {spent} fen of {budget} spent, {back} of {gifts} fen given back")
            words = {"budget": view.budget, "back": int(back.sum()), "gifts": int(gifts.sum())}
            _hold(kept and given, text.format(number=number, spent=spent, **words))

    def test_the_order_in_which_proposals_come_changes_nothing(self) -> None:
        """Terms, amounts, reasons and refunds follow a proposal's id and not its place."""
        if self.order_matters:
            return
        for number, rule, view in self._rounds():
            order = np.random.Generator(np.random.PCG64(number)).permutation(len(view.proposals))
            plain, moved = award_in(rule, view), made_round(rule, number, order=order)
            came = award_in(rule, moved)
            text = _("made round {number}: proposals in another order change {what}. Go by id")
            for what, one_way, other_way in _by_place(view, plain, moved, came, order):
                _hold(one_way == other_way, text.format(number=number, what=what))

    def test_the_same_round_gives_the_same_bytes_again(self) -> None:
        """Asked twice, and as a new rule that has never been asked, it announces and awards the same to the byte."""
        for params in self.variants:
            asked = self._made(params)
            for number in range(self.rounds):
                first, *others = (_replay(rule, number) for rule in (asked, asked, self._made(params)))
                text = _("made round {number} came out in two ways; luck comes from view.draw alone")
                _hold(all(first == other for other in others), text.format(number=number))

    def test_a_quote_of_its_own_says_what_settling_finds(self) -> None:
        """What residents are told that one more gift would draw is what it draws, up to rounding."""
        for number, rule, view in self._rounds():
            if type(rule).quote is Rule.quote or "pledges" not in rule.needs:
                return
            call_rule(rule, "quote", view, GIFTS[0])
            for gift in GIFTS:
                text = _("made round {number}: its quote for {gift} fen is not what settling twice finds")
                _hold(misquoted(rule, view, gift) is None, text.format(number=number, gift=gift))

    def test_it_speaks_both_languages(self) -> None:
        """Title, summary, parameters and reasons are there in both languages."""
        kind = type(self._made({}))
        said = [kind.title, kind.summary, *(about["doc"] for _name, _default, about in kind.parameters())]
        for text in said:
            self._in_both(text)
        for _number, rule, view in self._rounds():
            for reason in award_in(rule, view).reasons if self.in_chinese else ():
                self._in_both(reason)

    def test_it_has_no_luck_and_no_clock_of_its_own(self) -> None:
        """Its source takes luck from `view.draw` and time from `view.month`."""
        module = inspect.getmodule(type(self._made({})))
        found = hidden_luck(inspect.getsource(module)) if module is not None else []
        text = _("line {line}: {what}. Use view.draw(name, ids) for luck and view.month for time")
        for line, what in found:
            _hold(False, text.format(line=line, what=what))

    @classmethod
    def run(cls) -> None:
        """Run every test of the class, inherited or its own, without pytest. Raises AssertionError where one fails."""
        for name in sorted(name for name in dir(cls) if name.startswith("test_")):
            getattr(cls(), name)()

    def _kind(self) -> type[Rule]:
        return _catalogue(tuple(self.plugins))[self.rule] if isinstance(self.rule, str) else class_of(self.rule)

    def _made(self, params: Mapping[str, Any]) -> Rule:
        kind = self._kind()
        return kind(kind.Params(**convert(kind, params)))

    def _answer(self, example: Worked) -> Any:
        # By id, a built-in rule takes the words of its literature too (`cap=ask`); a file's rule has its own alone.
        by_id = isinstance(self.rule, str) and not self.plugins
        return evaluate(self.rule if by_id else self._kind(), example.given, example.params)

    def _rounds(self) -> Iterator[tuple[int, Rule, RoundView]]:
        for params in self.variants:
            rule = self._made(params)
            for number in range(self.rounds):
                yield number, rule, made_round(rule, number)

    def _in_both(self, text: Text | str) -> None:
        english, chinese = (text.to(language) for language in LANGUAGES) if isinstance(text, Text) else (text, text)
        missing = _("{text!r} is not there in both languages").format(text=english or chinese)
        _hold(bool(english.strip()) and bool(_CHINESE.search(chinese)) and not _CHINESE.search(english), missing)


@cache
def _catalogue(plugins: tuple[str | Path, ...]) -> Catalogue:
    """The rules of these files, or those built in and installed; looked for once a process."""
    return load_catalogue(plugins, entry_points=not plugins)


def _gifts(rule: Rule, view: RoundView) -> Any:
    """Residents' gifts of a round in fen, int64; none for a rule that is not shown them."""
    return view.pledges.amount if "pledges" in rule.needs else np.zeros(0, dtype=np.int64)


def _hold(holds: bool, problem: Text | str | None) -> None:
    if not holds:
        raise AssertionError(str(problem))


def _by_place(
    view: RoundView, plain: Award, moved: RoundView, came: Award, order: Any
) -> Iterator[tuple[str, Any, Any]]:
    """What has to be equal when proposals come in another order: name, as they were, as they came."""
    yield "paid", plain.paid[order].tolist(), came.paid.tolist()
    yield "reasons", [str(plain.reasons[at]) for at in order], list(map(str, came.reasons))
    for word in ("refunds", "bonuses"):
        yield word, in_json(getattr(plain, word)), in_json(getattr(came, word))
    for term in fields(view.terms) if view.terms is not None else ():
        before, after = getattr(view.terms, term.name), getattr(moved.terms, term.name)
        if isinstance(before, np.ndarray) and before.shape == order.shape:
            before = before[order]
        yield term.name, in_json(before), in_json(after)


def _replay(rule: Rule, number: int) -> bytes:
    """All that a rule says in a made round, in both languages, as bytes."""
    view = made_round(rule, number)
    award = award_in(rule, view)
    said = [
        (word.name, in_json(getattr(part, word.name))) for part in (view.terms, award) if part for word in fields(part)
    ]
    return json.dumps(said, sort_keys=True).encode()
