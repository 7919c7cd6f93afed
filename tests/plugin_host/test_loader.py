"""Every way in which a plugin can be wrong is an error that says who, where, what was expected and what to do."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from commsim.contracts import Calls
from commsim.errors import RuleError
from commsim.plugin_host.loader import load_catalogue
from commsim.study.design import DEFAULT_RULES

HEAD = """
from dataclasses import dataclass
import numpy as np
from commsim.contracts import Award, Bilingual, Rule, hookimpl, parameter

"""
RULE = """
class Even(Rule):
    id = "mine.even"
    title = Bilingual(en="Even", zh="均分")

    def settle(self, view):
        n = len(view.proposals)
        return Award(paid=np.zeros(n, np.int64), reasons=("nothing yet",) * n)

"""
HOOK = """
@hookimpl
def commsim_register_rules(register):
    register(Even)
"""
GOOD = HEAD + RULE + HOOK


def write(folder: Path, text: str, name: str = "my_rule.py") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def fault(path: Path) -> str:
    with pytest.raises(RuleError) as caught:
        load_catalogue([path], entry_points=False)
    return str(caught.value)


def line_of(text: str, piece: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if piece in line)


def test_the_built_in_rules_are_there_in_both_languages() -> None:
    catalogue = load_catalogue(entry_points=False)
    assert [rule_id for rule_id in catalogue if rule_id in DEFAULT_RULES] == [  # by family, and in it as it lists them
        "pb.greedy_votes",
        "basic.none",
        "basic.same_money_services",
        "basic.equal_split",
        "basic.per_capita",
        "basic.needs_weighted",
        "match.linear",
        "seed.provision_point",
    ]
    for entry in catalogue.list():
        assert entry.origin.kind == "built-in"
        assert entry.rule.title.to("zh") != entry.rule.title.to("en") != ""
        assert entry.rule.summary.to("zh") and entry.rule.source
    assert catalogue["basic.none"].calls is Calls.NOTHING
    assert catalogue["basic.same_money_services"].calls is Calls.SERVICES


def test_a_rule_in_a_single_file_comes_in_with_its_digest(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    catalogue = load_catalogue([path], entry_points=False)
    origin = catalogue.entry("mine.even").origin
    assert (origin.kind, origin.name) == ("file", "my_rule.py")
    assert origin.version.startswith("sha256:") and len(origin.version) == 71
    assert str(tmp_path) not in repr(origin.record())


def test_a_folder_brings_its_files_once_and_leaves_private_ones_out(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    write(tmp_path, "raise RuntimeError", "_helper.py")
    catalogue = load_catalogue([path], folder=tmp_path, entry_points=False)
    assert "mine.even" in catalogue and len(catalogue) == len(load_catalogue(entry_points=False)) + 1


def test_a_missing_file_is_named_with_its_near_neighbour(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    text = fault(tmp_path / "my_rul.py")
    assert "my_rul.py cannot be read" in text and "my_rule.py" in text and "Did you mean" in text


def test_a_file_that_is_not_utf8_says_so(tmp_path: Path) -> None:
    path = tmp_path / "my_rule.py"
    path.write_bytes("title = '均分'".encode("gb18030"))
    assert "not UTF-8" in fault(path) and "Save it as UTF-8" in fault(path)


def test_a_syntax_error_gives_its_line(tmp_path: Path) -> None:
    assert "my_rule.py:2: Python cannot read it" in fault(write(tmp_path, "x = 1\nif x\n"))


@pytest.mark.parametrize("statement", ["import nothing_of_this_name", "1 / 0", "raise SystemExit(1)"])
def test_an_import_that_fails_gives_the_line_in_the_plugin(tmp_path: Path, statement: str) -> None:
    text = fault(write(tmp_path, f"x = 1\n\n{statement}\n"))
    assert "my_rule.py:3: importing it failed" in text


def test_a_misspelt_hook_is_met_with_the_right_name(tmp_path: Path) -> None:
    source = GOOD.replace("commsim_register_rules", "commsim_register_rule")
    text = fault(write(tmp_path, source))
    assert f"my_rule.py:{line_of(source, '@hookimpl')}" in text
    assert "'commsim_register_rule' is marked as a hook" in text and "Did you mean 'commsim_register_rules'?" in text


def test_a_forgotten_mark_is_an_error_not_silence(tmp_path: Path) -> None:
    source = GOOD.replace("@hookimpl\n", "")
    text = fault(write(tmp_path, source))
    assert f"my_rule.py:{line_of(source, 'def commsim_register_rules')}" in text
    assert "not marked" in text and "@hookimpl" in text


def test_another_projects_mark_is_an_error_not_silence(tmp_path: Path) -> None:
    source = GOOD.replace("@hookimpl\n", "@pluggy.HookimplMarker('pytest')\n").replace(
        "import numpy", "import pluggy, numpy"
    )
    text = fault(write(tmp_path, source))
    assert "is marked as a hook of 'pytest'" in text and "commsim.rules import hookimpl" in text


def test_a_hook_that_asks_for_an_unknown_argument_names_the_known_ones(tmp_path: Path) -> None:
    source = GOOD.replace("commsim_register_rules(register)", "commsim_register_rules(register, config)")
    text = fault(write(tmp_path, source))
    assert "'commsim_register_rules' is called with register" in text and "asks for config" in text


def test_a_wrapper_is_refused(tmp_path: Path) -> None:
    source = GOOD.replace("@hookimpl\n", "@hookimpl(wrapper=True)\n").replace("    register(Even)", "    yield")
    assert "written as a wrapper" in fault(write(tmp_path, source))


def test_rules_without_a_hook_are_shown_the_lines_to_add(tmp_path: Path) -> None:
    text = fault(write(tmp_path, HEAD + RULE))
    assert "no hook" in text
    assert "@hookimpl\ndef commsim_register_rules(register):\n    register(Even)" in text


def test_a_hook_that_registers_nothing_is_an_error(tmp_path: Path) -> None:
    assert "offered no rule" in fault(write(tmp_path, GOOD.replace("register(Even)", "return [Even]")))


def test_a_hook_that_raises_gives_plugin_line_and_hook(tmp_path: Path) -> None:
    source = GOOD.replace("    register(Even)", "    register(Evn)")
    text = fault(write(tmp_path, source))
    assert f"my_rule.py:{line_of(source, 'register(Evn)')}: hook 'commsim_register_rules' failed: NameError" in text


def test_a_registrar_kept_for_later_is_closed(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD.replace("    register(Even)", "    register(Even)\n    Even.kept = register"))
    rule = load_catalogue([path], entry_points=False)["mine.even"]
    with pytest.raises(RuleError, match="closed"):
        rule.kept(rule)  # type: ignore[attr-defined]


@pytest.mark.parametrize("how", ["both given", "one in the folder"])
def test_a_copy_of_a_file_is_named_beside_the_file(tmp_path: Path, how: str) -> None:
    ok, copy = write(tmp_path, GOOD, "ok.py"), write(tmp_path, GOOD, "dup.py")
    (tmp_path / "plugins").mkdir()
    with pytest.raises(RuleError) as caught:
        if how == "both given":
            load_catalogue([ok, copy], entry_points=False)
        else:
            load_catalogue([copy], folder=write(tmp_path / "plugins", GOOD, "ok.py").parent, entry_points=False)
    assert re.fullmatch(r"\S*dup\.py is the same file as \S*ok\.py; give it once", str(caught.value))


def test_two_rules_with_one_id_name_both_places(tmp_path: Path) -> None:
    first, second = write(tmp_path, GOOD), write(tmp_path, GOOD + "\nx = 1\n", "other.py")
    with pytest.raises(RuleError) as caught:
        load_catalogue([first, second], entry_points=False)
    text = str(caught.value)
    assert "two rules with the id 'mine.even'" in text and "my_rule.py" in text and "other.py" in text


def test_a_built_in_rule_cannot_be_replaced(tmp_path: Path) -> None:
    text = fault(write(tmp_path, GOOD.replace("mine.even", "basic.none")))
    assert "two rules with the id 'basic.none'" in text and "Rename one of them" in text


PARAMS = """
    @dataclass{frozen}
    class Params:
        rate: {kind} = {default}
"""


def with_params(frozen: str = "(frozen=True)", kind: str = "float", default: str = "") -> str:
    default = default or "parameter(1.0, doc=Bilingual(en='Rate', zh='比例'), ge=0, le=2)"
    return (
        HEAD
        + RULE.replace("    def settle", PARAMS.format(frozen=frozen, kind=kind, default=default) + "\n    def settle")
        + HOOK
    )


CLASS_FAULTS = {
    "not a rule": (GOOD.replace("register(Even)", "register(dict)"), "expected a class derived from"),
    "an object": (GOOD.replace("register(Even)", "register(Even())"), "the class, not an object"),
    "the base": (GOOD.replace("register(Even)", "register(Rule)"), "expected a class derived from"),
    "no id": (GOOD.replace('    id = "mine.even"\n', ""), "needs an `id` of the form 'vendor.name'"),
    "bad id": (GOOD.replace("mine.even", "Mine Even"), "'Mine Even' came"),
    "no title": (
        GOOD.replace('    title = Bilingual(en="Even", zh="均分")\n', ""),
        "needs a `title` in both languages",
    ),
    "title in one language": (GOOD.replace('Bilingual(en="Even", zh="均分")', '"Even"'), "'Even' came"),
    "title without Chinese": (
        GOOD.replace("均分", ""),
        "its `title` is Bilingual(en='Even', zh=''), which has no words",
    ),
    "title of blanks": (GOOD.replace('en="Even"', 'en=" "'), "which has no words in en. Write it in both languages"),
    "half a summary": (
        GOOD.replace("    id =", "    summary = Bilingual(en='', zh='均分')\n    id ="),
        "its `summary` is Bilingual(en='', zh='均分'), which has no words in en",
    ),
    "half a character": (
        GOOD.replace('en="Even"', 'en="\\ud800"'),
        "'\\ud800', zh='均分'), which holds half a character",
    ),
    "properties as one word": (
        GOOD.replace("    id =", "    properties = 'anonymous'\n    id ="),
        "`properties` has to be a set of words, as in frozenset({'anonymous'}); 'anonymous' came",
    ),
    "source as number": (GOOD.replace("    id =", "    source = 5\n    id ="), "`source` has to be words; 5 came"),
    "other version": (GOOD.replace("    id =", "    api = 2\n    id ="), "version 2 of the rule contract"),
    "unknown need": (
        GOOD.replace("    id =", "    needs = frozenset({'pledge'})\n    id ="),
        "Did you mean 'pledges'?",
    ),
    "needs as one word": (GOOD.replace("    id =", "    needs = 'pledges'\n    id ="), "has to be a set of words"),
    "unknown indicator": (
        GOOD.replace("    id =", "    needs = frozenset({'indicator.closeness'})\n    id ="),
        "needs indicator 'closeness', which no plugin offers",
    ),
    "calls": (GOOD.replace("    id =", "    calls = 'proposals'\n    id ="), "Calls.PROPOSALS"),
    "no settle": (GOOD.replace("def settle", "def setle"), "has no `settle(self, view)`"),
    "left open": (
        "from abc import ABC, abstractmethod\n"
        + GOOD.replace("(Rule):", "(Rule, ABC):").replace("    def settle", "    @abstractmethod\n    def settle"),
        "does not write settle",
    ),
    "settle without view": (
        GOOD.replace("settle(self, view)", "settle(self)"),
        "`settle` is called as settle(self, view)",
    ),
    "params not frozen": (with_params(frozen=""), "has to be a frozen dataclass"),
    "params bare": (with_params(default="1.0"), "parameter 'rate' has to be made with parameter("),
    "params of a strange type": (with_params(kind="list"), "parameters are bool, int, float or str"),
    "doc in English alone": (
        with_params(default="parameter(1.0, doc='only english')"),
        "rule 'mine.even': parameter 'rate': `doc` has to be words in both languages, as in Bilingual(",
    ),
    "doc without Chinese": (
        with_params(default="parameter(1.0, doc=Bilingual(en='a', zh=''))"),
        "Bilingual(en='a', zh=''), which has no words in zh came",
    ),
    "label without English": (
        with_params(default="parameter(1.0, doc=Bilingual(en='a', zh='甲'), label=Bilingual(en=' ', zh='甲'))"),
        "Bilingual(en=' ', zh='甲'), which has no words in en came",
    ),
    "bound in quotes": (
        with_params(default="parameter(1.0, doc=Bilingual(en='R', zh='比'), ge='0')"),
        "parameter 'rate': `ge` has to be a finite number; '0' came",
    ),
    "bound that is none": (
        with_params(default="parameter(1.0, doc=Bilingual(en='R', zh='比'), le=float('nan'))"),
        "nan",
    ),
    "unit as number": (
        with_params(default="parameter(1.0, doc=Bilingual(en='R', zh='比'), unit=5)"),
        "`unit` has to be a word; 5 came",
    ),
    "sweep of one number": (
        with_params(default="parameter(1.0, doc=Bilingual(en='R', zh='比'), sweep=(1,))"),
        "`sweep` has to be two finite numbers, as in sweep=(0, 2); (1,) came",
    ),
    "default out of bounds": (with_params(default="parameter(3.0, doc=Bilingual(en='R', zh='比'), le=2)"), "at most 2"),
    "default of another type": (with_params(kind="int"), "takes a whole number; 1.0 came"),
}


@pytest.mark.parametrize("name", CLASS_FAULTS)
def test_an_incomplete_rule_class_is_refused_with_file_and_reason(tmp_path: Path, name: str) -> None:
    source, expected = CLASS_FAULTS[name]
    text = fault(write(tmp_path, source))
    assert expected in text
    assert "my_rule.py" in text or name in ("not a rule", "the base")


def test_a_faulty_class_is_named_with_its_line(tmp_path: Path) -> None:
    source = CLASS_FAULTS["unknown need"][0]
    assert f"my_rule.py:{line_of(source, 'class Even')}: rule 'mine.even'" in fault(write(tmp_path, source))


def test_a_complete_params_class_is_taken(tmp_path: Path) -> None:
    catalogue = load_catalogue([write(tmp_path, with_params())], entry_points=False)
    assert catalogue.make("mine.even", {"rate": "0.5"}).params.rate == 0.5


INDICATOR = """
@hookimpl
def commsim_indicators(register):
    register("closeness", lambda network: {})
"""


def test_an_indicator_that_a_plugin_offers_can_be_needed(tmp_path: Path) -> None:
    source = CLASS_FAULTS["unknown indicator"][0] + INDICATOR
    catalogue = load_catalogue([write(tmp_path, source)], entry_points=False)
    assert list(catalogue.indicators) == ["closeness"]


def test_two_indicators_of_one_name_are_refused(tmp_path: Path) -> None:
    assert "two indicators 'closeness'" in fault(write(tmp_path, GOOD + INDICATOR + '    register("closeness", min)\n'))


def test_an_observer_is_told_of_allocations_and_named_when_it_fails(tmp_path: Path) -> None:
    source = HEAD + dedent("""
        told = []

        @hookimpl
        def commsim_allocation_made(award, rule_id):
            told.append(rule_id)
            return 1 / award
    """)
    catalogue = load_catalogue([write(tmp_path, source)], entry_points=False)
    assert len(catalogue.observers) == 1
    catalogue.observers.allocation_made(None, 1, "basic.none")  # type: ignore[arg-type]
    with pytest.raises(RuleError) as caught:
        catalogue.observers.allocation_made(None, 0, "basic.none")  # type: ignore[arg-type]
    assert f"my_rule.py:{line_of(source, '1 / award')}: hook 'commsim_allocation_made' failed: Zero" in str(
        caught.value
    )
    module = sys.modules[catalogue.observers.each[0].function.__module__]
    assert module.told == ["basic.none", "basic.none"]


@pytest.mark.parametrize(
    ("written", "meant"), [("def open_rounds(self, view): ...", "open_round"), ("need = frozenset()", "needs")]
)
def test_a_misspelt_word_of_a_rule_is_refused_and_not_passed_over(tmp_path: Path, written: str, meant: str) -> None:
    file = tmp_path / "nearly.py"
    file.write_text(
        "from commsim.contracts import Award, Rule, hookimpl\nfrom commsim.i18n import Bilingual\n\n\n"
        "class Nearly(Rule):\n    id = 'mine.nearly'\n    title = Bilingual(en='Nearly', zh='差一点')\n"
        f"    {written}\n\n    def settle(self, view):\n        return Award(paid=view.proposals.ask, reasons=())\n\n\n"
        "@hookimpl\ndef commsim_register_rules(register):\n    register(Nearly)\n",
        encoding="utf-8",
    )
    with pytest.raises(RuleError, match=f"nearly.py.*Did you mean '{meant}'"):
        load_catalogue([file], entry_points=False)


def test_only_what_could_not_be_imported_is_advised_to_be_installed(tmp_path: Path) -> None:
    for line, installs in (("import nowhere_at_all", True), ("parameter(1)", False), ('Bilingual(en="Even")', False)):
        text = GOOD + line + "\n"
        message = fault(write(tmp_path, text))
        assert f"my_rule.py:{line_of(text, line)}: importing it failed" in message
        assert ("or install what it imports" in message) == installs
