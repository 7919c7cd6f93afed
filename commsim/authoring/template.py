"""A rule in a single file to start from, and its test: what `commsim rules new` writes."""

from __future__ import annotations

import re
from pathlib import Path

from commsim.errors import InvalidInput
from commsim.i18n import _
from commsim.no_space import is_no_space, no_space

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def new_rule(name: str, folder: Path) -> tuple[Path, Path]:
    """Write `<name>.py`, a rule to start from, and `test_<name>.py` beside it; returns both paths.

    Raises InvalidInput for a name that is no Python name in small letters, and for a file that exists.
    """
    if not _NAME.fullmatch(name):
        raise InvalidInput(
            _("a rule is named in small letters, digits and _, such as even_parts; {name!r} came").format(name=name)
        )
    paths = (folder / f"{name}.py", folder / f"test_{name}.py")
    for path in paths:
        if path.exists():
            raise InvalidInput(_("{file} exists already. Choose another name or folder").format(file=str(path)))
    kind = "".join(part.capitalize() for part in name.split("_") if part) or "MyRule"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        for path, template in zip(paths, (_RULE, _TEST), strict=True):
            path.write_text(template.replace("NAME", name).replace("KIND", kind), encoding="utf-8")
    except OSError as error:
        for path in paths:
            path.unlink(missing_ok=True)  # neither was there before
        raise no_space(error, folder) if is_no_space(error) else error from error
    return paths


_RULE = '''"""KIND: say here in one sentence how the money is handed out."""

from dataclasses import dataclass

import numpy as np

from commsim.rules import Award, Bilingual, Rule, Terms, divide_by_id, hookimpl, parameter


@dataclass(frozen=True)
class Params:
    most_share: float = parameter(
        0.5,
        doc=Bilingual(en="Most of the budget that one proposal can get.", zh="单个项目最多占预算的比例。"),
        unit="share of the budget",
        ge=0.0,
        le=1.0,
        sweep=(0.1, 1.0),
        reference="assumption",
    )


class KIND(Rule):
    """Each proposal gets a part of the budget in proportion to its ask, up to a share of the budget."""

    id = "mine.NAME"
    title = Bilingual(en="KIND", zh="KIND")
    summary = Bilingual(en="In proportion to asks, up to a share.", zh="按申请额比例分配，设上限。")
    source = "my own"
    needs = frozenset()  # add "ballots", "pledges", … to see more of the round: docs/writing-a-rule.md
    properties = frozenset({"anonymous"})
    Params = Params

    def open_round(self, view):
        # What residents are told, and react to: match_rate, threshold, ballot, … see commsim.rules.Terms.
        return Terms()

    def settle(self, view):
        ask = view.proposals.ask
        limit = int(self.params.most_share * view.budget)
        wished = np.minimum(ask, limit)
        paid = wished if wished.sum() <= view.budget else divide_by_id(view.budget, wished, view.proposals.id)
        return Award(paid=paid, reasons=tuple(self.reason(*amounts) for amounts in zip(ask, paid)))

    @staticmethod
    def reason(ask, paid):
        return Bilingual(
            en=f"{paid / 100:,.2f} yuan of the {ask / 100:,.2f} yuan asked for",
            zh=f"申请{ask / 100:,.2f}元，拨付{paid / 100:,.2f}元",
        )


@hookimpl
def commsim_register_rules(register):
    register(KIND)
'''

_TEST = '''"""What mine.NAME promises. Run: python test_NAME.py (pytest, where it is installed, finds it too)."""

from pathlib import Path

from commsim.rules import check, evaluate, load_catalogue

FILE = Path(__file__).with_name("NAME.py")


def test_it_holds_to_the_contract_of_rules():
    failed = [finding for finding in check(FILE) if not finding.passed]
    assert not failed, failed


def test_a_small_round_comes_out_as_worked_by_hand():
    rule = load_catalogue([FILE]).make("mine.NAME", {"most_share": 0.5})
    came = evaluate(rule, {"budget": 1000, "projects": {"garden": 800, "lamps": 300}})
    assert came == {"garden": 500.0, "lamps": 300.0}


if __name__ == "__main__":
    test_it_holds_to_the_contract_of_rules()
    test_a_small_round_comes_out_as_worked_by_hand()
    print("passed")
'''
