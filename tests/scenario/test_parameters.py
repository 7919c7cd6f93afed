"""The registry: complete entries only, ranges that hold, names that help when they are missed."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsim.errors import InvalidInput
from commsim.scenario.problems import InvalidFile
from commsim.scenario.registry import (
    DISTRIBUTIONS,
    REGISTRY_FOLDER,
    Parameters,
    cached_registry,
    load_registry,
    read_registry,
)
from commsim.scenario.registry_cache import CACHE

REGISTRY = load_registry()
ENTRY = """
a.b:
  value: 1
  unit: hours
  range: [0, 2]
  distribution: uniform
  source: assumption
  identified_by: not identified
  label: {en: B, zh: 乙}
  doc: {en: Some words., zh: 几个字。}
"""


def registry_of(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("name", sorted(REGISTRY))
def test_an_entry_is_complete_and_in_range(name: str) -> None:
    one = REGISTRY[name]
    assert one.name == name
    assert one.low <= one.value <= one.high
    assert one.distribution in DISTRIBUTIONS
    assert one.unit and one.source and one.identified_by
    for text in (one.label, one.doc):
        assert text.to("en").strip() and not text.to("zh").isascii(), f"{name} lacks Chinese words"


def test_a_complete_entry_is_read_as_it_stands(tmp_path: Path) -> None:
    registry_of(tmp_path, one=ENTRY, two=ENTRY.replace("a.b:", "a.c:").replace("value: 1", "value: 2"))
    registry = read_registry(tmp_path)
    assert list(registry) == ["a.b", "a.c"]
    one = registry["a.b"]
    assert (one.value, one.low, one.high, one.unit, one.assumption) == (1.0, 0.0, 2.0, "hours", True)
    assert (registry["a.c"].value, one.label.to("zh")) == (2.0, "乙")


@pytest.mark.parametrize(
    ("old", "new", "line", "path", "words"),
    [
        ("value: 1", "value: 3", 3, "a.b.value", "between 0 and 2"),
        ("value: 1", "value: one", 3, "a.b.value", "'one' came"),
        ("value: 1", "value: true", 3, "a.b.value", "True came"),
        ("value: 1", "value: .inf", 3, "a.b.value", "a number"),
        ("range: [0, 2]", "range: [2, 0]", 5, "a.b.range", "[low, high]"),
        ("range: [0, 2]", "range: 2", 5, "a.b.range", "[low, high]"),
        ("distribution: uniform", "distribution: flat", 6, "a.b.distribution", "lognormal"),
        ("distribution: uniform", "distribution: lognormal", 5, "a.b.range", "above 0"),
        ("source: assumption", "source:", 7, "a.b.source", "words were expected"),
        ("unit: hours", "unit: ''", 4, "a.b.unit", "words were expected"),
        ("zh: 乙", "zh: ''", 9, "a.b.label", "both languages"),
        ("{en: Some words., zh: 几个字。}", "words", 10, "a.b.doc", "both languages"),
        ("  unit: hours\n", "", 2, "a.b", "unit missing"),
        ("  unit: hours\n", "  unit: hours\n  uni: x\n", 5, "a.b.uni", "Did you mean unit?"),
        ("a.b:", "b:", 2, "b", "subject.name"),
        ("a.b:", "A.b:", 2, "A.b", "subject.name"),
        ("unit: hours", "unit: hours\n  unit: days", 5, "a.b.unit", "second time"),
    ],
)
def test_a_bad_entry_is_refused_with_its_line(
    old: str, new: str, line: int, path: str, words: str, tmp_path: Path
) -> None:
    assert old in ENTRY
    registry_of(tmp_path, one=ENTRY.replace(old, new))
    with pytest.raises(InvalidFile) as caught:
        read_registry(tmp_path)
    (problem,) = caught.value.problems
    assert (problem.line, problem.path) == (line, path)
    assert words in str(problem.text)


def test_a_name_in_two_files_and_a_file_without_entries_are_refused(tmp_path: Path) -> None:
    registry_of(tmp_path, one=ENTRY, two=ENTRY, void="# nothing\n")
    with pytest.raises(InvalidFile) as caught:
        read_registry(tmp_path)
    assert [Path(problem.file).stem for problem in caught.value.problems] == ["two", "void"]


def test_a_parameter_that_is_not_in_the_registry_does_not_exist() -> None:
    parameters = Parameters(REGISTRY)
    with pytest.raises(InvalidInput, match=r"Did you mean money\.hour_rate_yuan"):
        parameters["money.hour_rate_yaun"]
    with pytest.raises(InvalidInput, match=r"money\.hour_rate_yuan"):
        Parameters(REGISTRY, {"hour_rate_yuan": 20})
    assert parameters.get("no.such") is None
    assert "no.such" not in parameters


@pytest.mark.parametrize("value", [14.99, 40.01, float("nan"), float("inf"), True, "20", None])
def test_a_value_outside_its_range_is_refused_with_the_range(value: object) -> None:
    with pytest.raises(InvalidInput) as caught:
        Parameters(REGISTRY, {"money.hour_rate_yuan": value})  # type: ignore[dict-item]
    assert "RMB per hour" in str(caught.value)


@given(st.floats(15, 40))
def test_an_override_changes_its_own_value_only_and_survives_pickling(value: float) -> None:
    parameters = pickle.loads(pickle.dumps(Parameters(REGISTRY, {"money.hour_rate_yuan": value})))
    expected = {name: one.value for name, one in REGISTRY.items()} | {"money.hour_rate_yuan": value}
    assert dict(parameters.items()) == expected
    assert parameters.overridden == {"money.hour_rate_yuan": value}


def test_parameters_cannot_be_set() -> None:
    parameters = Parameters(REGISTRY)
    with pytest.raises(TypeError):
        parameters["money.hour_rate_yuan"] = 3.0  # type: ignore[index]
    with pytest.raises(AttributeError):
        parameters.anything = 3  # type: ignore[attr-defined]
    parameters.overridden["money.hour_rate_yuan"] = 3.0  # type: ignore[index]
    assert parameters.overridden == {}


def test_the_cache_holds_what_the_files_hold() -> None:
    assert dict(cached_registry(REGISTRY_FOLDER)) == dict(read_registry(REGISTRY_FOLDER))
    words = [(one.label.to("zh"), one.doc.to("zh")) for one in cached_registry(REGISTRY_FOLDER).values()]
    assert words == [(one.label.to("zh"), one.doc.to("zh")) for one in read_registry(REGISTRY_FOLDER).values()]


def test_a_changed_file_or_a_broken_cache_is_read_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    registry_of(tmp_path, one=ENTRY)
    assert cached_registry(tmp_path)["a.b"].value == 1
    written = (tmp_path / CACHE).read_text(encoding="utf-8")
    (tmp_path / CACHE).write_text(written.replace('"value": 1.0', '"value": 0.5'), encoding="utf-8")
    assert cached_registry(tmp_path)["a.b"].value == 0.5, "the cache is not used"
    registry_of(tmp_path, one=ENTRY.replace("value: 1", "value: 2"))
    assert cached_registry(tmp_path)["a.b"].value == 2
    (tmp_path / CACHE).write_text("{", encoding="utf-8")
    assert cached_registry(tmp_path)["a.b"].value == 2
    registry_of(tmp_path, one=ENTRY.replace("value: 1", "value: 3"))
    with pytest.raises(InvalidFile):
        cached_registry(tmp_path)
    assert [path.name for path in (tmp_path / CACHE).parent.iterdir()] == [CACHE.name]


def test_a_bound_is_within_the_range_however_it_was_rounded() -> None:
    for known in REGISTRY.values():
        for bound in (known.low, known.high):
            Parameters(REGISTRY, {known.name: float(f"{bound:g}")})
            Parameters(REGISTRY, {known.name: bound * (1 + 1e-15)})
