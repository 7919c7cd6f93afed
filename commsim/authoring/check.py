"""Holding a rule to its contract, and timing it: `commsim rules check` and `commsim.rules.check`.

The check never runs a model. It shows the rule made rounds, small and large, and looks for what a contract cannot
express in types: that it decides alike when asked twice and in every process, leaves its view alone, and draws luck
from its view only.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from commsim.authoring.contract_checks import answers_hold, awards_hold, decides_in_two_ways, is_own, misquotes, timed
from commsim.authoring.example_checks import example_findings
from commsim.authoring.findings import Finding, found_by, untested
from commsim.authoring.hash_order import CannotAsk, unlike_elsewhere
from commsim.authoring.properties import TESTED
from commsim.authoring.source_scan import hidden_luck
from commsim.calling.modified_rule import ModifiedRule
from commsim.contracts import Modifier, Rule
from commsim.contracts.properties import KNOWN
from commsim.errors import RuleError
from commsim.i18n import _
from commsim.plugin_host.catalogue import Catalogue, built
from commsim.plugin_host.loader import load_catalogue
from commsim.plugin_host.own_rules import class_of
from commsim.plugin_host.values import convert
from commsim.suggestions import did_you_mean, listed

LARGE = (1_000, 10_000)
"""Proposals and residents of the round that a rule is timed on."""


def check(rule: str | Path | Rule | type[Rule], *, large: tuple[int, int] = LARGE) -> list[Finding]:
    """Hold a rule to its contract: what it announces and awards, that it decides alike, what it claims, its examples.

    Arguments: `rule`, a file ("my_rule.py" or a Path), a rule as on the command line ("pb.mes:completion=add1"), a
    class, or an object, whose parameters are kept; `large`, proposals and residents of the round that it is timed on.
    Returns a finding for each check. Raises RuleError where the file cannot be loaded or the rule is not
    there, InvalidInput for anything that is no rule.

    >>> all(finding.passed for finding in check("basic.equal_split", large=(5, 20)))
    True
    """
    if isinstance(rule, Path) or (isinstance(rule, str) and rule.endswith(".py")):
        return check_rule_file(Path(rule), large=large)
    if isinstance(rule, str):
        return check_written(load_catalogue(), rule, large=large)
    if isinstance(rule, Rule):
        modifiers = rule.modifiers if isinstance(rule, ModifiedRule) else ()
        plain = rule.rule if isinstance(rule, ModifiedRule) else rule
        return check_rule(type(plain), vars(plain.params), modifiers, large=large)
    return check_rule(class_of(rule), large=large)


def check_rule_file(path: Path, chosen: str = "", *, large: tuple[int, int] = LARGE) -> list[Finding]:
    """Check every rule in a single file, and the examples beside it.

    `chosen`: what follows the rule on the command line, ":rate=2" or "+cap:share=0.1"; default: parameters as they are.
    Raises RuleError where the file cannot be loaded at all, where it holds several rules of which any could be meant
    by `chosen`, and as `check_written`.
    """
    catalogue = load_catalogue([path], entry_points=False)
    mine = [entry.rule for entry in catalogue.list() if entry.origin.kind == "file"]
    if chosen and len(mine) != 1:
        raise RuleError(
            _(
                "{file}: {chosen!r} could be meant for any of {rules}. Name one: commsim rules check ID{chosen} "
                "--plugin {file}"
            ).format(file=str(path), chosen=chosen, rules=listed(rule.id for rule in mine) or "–")
        )
    findings = [_scan(path.read_text(encoding="utf-8-sig"), path.name)]
    for rule in mine:
        findings += check_written(catalogue, rule.id + chosen, large=large, scan=False)
    return findings + example_findings(mine, path)


def check_written(
    catalogue: Catalogue, text: str, *, large: tuple[int, int] = LARGE, scan: bool = True
) -> list[Finding]:
    """Check a rule written as on the command line, with parameters and modifiers: "pb.mes:completion=add1".

    Beyond what `check_rule` looks at, the rule is asked again in fresh processes, where words are hashed otherwise.
    Raises RuleError for an unknown rule, modifier or parameter and for a value that it does not take.
    """
    rule_id, params, modifiers = catalogue.parse_written(text)
    made = [catalogue.make_modifier(*modifier) for modifier in modifiers]
    findings = check_rule(catalogue[rule_id], params, made, large=large, scan=scan)
    return [*findings, _elsewhere(catalogue, rule_id, text)]


def check_rule(
    rule: type[Rule],
    params: Mapping[str, Any] | None = None,
    modifiers: Sequence[Modifier] = (),
    *,
    large: tuple[int, int] = LARGE,
    scan: bool = True,
) -> list[Finding]:
    """Check a loaded rule with these parameters (the others at their defaults) and modifiers laid over it.

    `large`: proposals and residents of the round that it is timed on; `scan`: whether its source is looked through, and
    examples beside it are tried (each with the parameters that it names). Raises RuleError for a parameter that the
    rule does not have and for a value that it does not take.
    """
    values = convert(rule, params or {})

    def new() -> Rule:
        made: Rule = built(rule, values)
        return ModifiedRule(made, modifiers) if modifiers else made

    findings = [_scan(*_source(rule))] if scan else []
    try:
        made = new()
    except RuleError as error:
        return [*findings, Finding(_("{rule}: can be made").format(rule=rule.id), False, error.text)]
    findings.append(found_by(rule.id, _("contract: terms and awards of {n} made rounds"), lambda: awards_hold(made)))
    findings.append(found_by(rule.id, _("decides alike when asked twice"), lambda: decides_in_two_ways(new)))
    findings.append(
        found_by(rule.id, _("contract: what it answers before and after settling"), lambda: answers_hold(made))
    )
    if is_own(made, "quote"):
        findings.append(_quote(made))
    findings += [_claim(made, claim) for claim in sorted(made.properties)]
    findings.append(timed(made, large))
    file = getattr(inspect.getmodule(rule), "__file__", None)
    return findings + (example_findings([rule], Path(file)) if scan and file else [])


def _elsewhere(catalogue: Catalogue, rule_id: str, text: str) -> Finding:
    name = _("decides alike in every process")
    try:
        return found_by(rule_id, name, lambda: unlike_elsewhere(catalogue, text))
    except CannotAsk as error:
        detail = _("not tested, as no process could be started: {error}").format(error=error)
        return untested(rule_id, name, detail)


def _claim(rule: Rule, claim: str) -> Finding:
    """A property that the rule claims: tested, known but not tested here, or unknown."""
    titled = _("{rule}: {check}")
    if claim in KNOWN:
        said = _("{name}: {value}").format(name=claim, value=KNOWN[claim])
        if claim in TESTED:
            return found_by(rule.id, said, lambda: TESTED[claim](rule))
        return untested(rule.id, said, _("known, not tested here"))
    unknown = _("there is no property {claim!r}. {near}Properties: {known}")
    near = did_you_mean(claim, KNOWN)
    detail = unknown.format(claim=claim, near=near, known=listed(KNOWN))
    return Finding(titled.format(rule=rule.id, check=claim), False, detail)


def _quote(rule: Rule) -> Finding:
    """Whether what a rule of its own quotes is what settling with and without the gift finds."""
    name = _("quote says what settling with one more gift, and without it, finds")
    if "pledges" not in rule.needs:
        unasked = _("never asked: only a rule with 'pledges' in its `needs` is")
        return untested(rule.id, name, unasked)
    return found_by(rule.id, name, lambda: misquotes(rule))


def _source(rule: type[Rule]) -> tuple[str, str]:
    module = inspect.getmodule(rule)
    try:
        return inspect.getsource(module or rule), rule.__module__
    except (OSError, TypeError):
        return "", rule.__module__


def _scan(source: str, file: str) -> Finding:
    name = _("{file}: no hidden luck and no clock").format(file=file)
    found = [f"{file}:{line}: {what}" for line, what in hidden_luck(source)]
    if not found:
        return Finding(name, True)
    remedy = _("{found}. Use view.draw(name, ids) for luck and view.month for time").format(found="; ".join(found))
    return Finding(name, False, remedy)
