"""For those who write rules: a file to start from, and a check that holds a rule to its contract."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commsim.errors import InvalidInput
from commsim.i18n import _
from commsim.service.catalogues import catalogue_of, limited
from commsim.store.plain import plain

if TYPE_CHECKING:
    from commsim.authoring.findings import Finding
    from commsim.contracts import Rule

_FILE = re.compile(r"(?P<path>.+?\.py)(?P<chosen>([:+].*)?)")  # a file, and what is written after it as after an id


def new_rule(name: str, folder: str | Path = ".") -> list[str]:
    """Write `NAME.py`, a rule to start from, and its test `test_NAME.py` into `folder`; returns both paths.

    Raises InvalidInput for a name that is none, and for a file that exists.
    """
    from commsim.authoring.template import new_rule as write

    return [str(path) for path in write(name, Path(folder))]


def check_rule(
    rule: str | Rule | type[Rule],
    plugin_files: Sequence[str | Path] = (),
    *,
    installed_plugins: bool = True,
    rule_seconds: float | None = None,
) -> dict[str, Any]:
    """Hold a rule to its contract, and time it.

    Arguments: `rule`, a file or an id, parameters and modifiers after it as on the command line, or from Python a rule
    or its class; `plugin_files`, rules of one's own among which an id is looked for; `rule_seconds` that one call may
    take.
    Returns `passed` and `checks`, each with check, passed, tested and detail. Raises RuleError or InvalidInput for a
    rule that is not there.
    """
    with limited(rule_seconds):
        findings = _findings(rule, plugin_files, installed_plugins)
    checks = [
        {"check": finding.name, "passed": finding.passed, "tested": finding.tested, "detail": finding.detail}
        for finding in findings
    ]
    return plain({"passed": all(finding.passed for finding in findings), "checks": checks})


def _findings(
    rule: str | Rule | type[Rule], plugin_files: Sequence[str | Path], installed_plugins: bool
) -> list[Finding]:
    from commsim.authoring.check import check_rule_file, check_written

    if not isinstance(rule, str):
        return _findings_of_own(rule)
    file = _FILE.fullmatch(rule)
    if file:
        return check_rule_file(Path(file["path"]), file["chosen"])
    if Path(rule).is_file():
        raise InvalidInput(
            _("{file}: a plugin is a Python file, whose name ends in .py. Rename it, or give another").format(file=rule)
        )
    return check_written(catalogue_of(plugin_files, installed_plugins), rule)


def _findings_of_own(rule: Rule | type[Rule]) -> list[Finding]:
    from commsim.authoring.check import check_rule as check
    from commsim.calling.modified_rule import plain_rule
    from commsim.plugin_host.own_rules import own_rule
    from commsim.study.provenance import parameters_of

    made = own_rule(rule)
    bare = plain_rule(made)
    return check(type(bare), parameters_of(bare), getattr(made, "modifiers", ()))
