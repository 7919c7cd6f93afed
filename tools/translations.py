"""Bring the Chinese message catalogue up to date: collect the marked texts, merge them, compile.

python tools/translations.py           collect, merge into commsim.po, compile commsim.mo, list what lacks words
python tools/translations.py --check   change nothing; end with 1 where something is missing or out of date

Besides what is marked in code, the units of the parameter registry and of built-in rules and modifiers are collected,
and their sources, unless these only name papers.
"""

from __future__ import annotations

import inspect
import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from commsim.plugin_host.loader import load_catalogue
from commsim.scenario import load_registry
from commsim.scenario.registry import REGISTRY_FOLDER

PROJECT = Path(__file__).resolve().parents[1]
CATALOGUE = PROJECT / "commsim" / "locale" / "zh" / "LC_MESSAGES" / "commsim.po"
CITATION = re.compile(r"[A-ZÀ-Ž0-9][^():]*\b\d{4}(, [^;:()]+)?|\S+\.net|(\w+\.md )?[A-Z]-?\d+")
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "N_": None, "NN_": (1, 2), "counted": (1, 2)}
# Git knows when a catalogue changed; a date of its own would only make merges collide.
UNDATED = datetime(2026, 1, 1, tzinfo=UTC)


def collected() -> Catalog:
    """Every text that is marked in `commsim/`, and every unit, as a catalogue without translations."""
    template = Catalog(domain="commsim", charset="utf-8")
    with (PROJECT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    rows = extract_from_dir(str(PROJECT), methods, options, keywords=KEYWORDS, directory_filter=_is_ours)
    for filename, _line, message, _comments, context in sorted(rows, key=lambda row: (row[0], row[1])):
        template.add(message, locations=[(filename, 0)], context=context)
    for unit, name, place in sorted(_units(), key=lambda one: (one[2], one[1])):
        if unit and unit not in template:
            location = place.relative_to(PROJECT).as_posix()
            template.add(unit, locations=[(location, 0)], auto_comments=[f"unit of {name}"])
    for source, name, place in sorted(_sources(), key=lambda one: (one[2], one[1])):
        if source not in template:
            location = place.relative_to(PROJECT).as_posix()
            template.add(source, locations=[(location, 0)], auto_comments=[f"source of {name}"])
    return template


def _units() -> Iterator[tuple[str, str, Path]]:
    """The unit of each parameter, the parameter's name, and where it stands."""
    for one in load_registry().values():
        yield one.unit, one.name, REGISTRY_FOLDER
    catalogue = load_catalogue(entry_points=False)
    library = [entry.rule for entry in catalogue.list()]
    for ours in (*library, *(entry.modifier for entry in catalogue.modifiers.values())):
        for name, _default, facts in ours.parameters():
            yield facts["unit"], f"{ours.id}:{name}", Path(inspect.getfile(ours.Params))


def _sources() -> Iterator[tuple[str, str, Path]]:
    """Where a parameter, a built-in rule or modifier comes from, if told in words; its name; and where it stands."""
    for parameter in load_registry().values():
        for said in (parameter.source, parameter.identified_by):
            if not is_citation(said):
                yield said, parameter.name, REGISTRY_FOLDER
    catalogue = load_catalogue(entry_points=False)
    library = [entry.rule for entry in catalogue.list()]
    for ours in (*library, *(entry.modifier for entry in catalogue.modifiers.values())):
        if isinstance(ours.source, str) and not is_citation(ours.source):
            yield ours.source, ours.id, Path(inspect.getfile(ours))


def is_citation(source: str) -> bool:
    """Whether `source` only names papers, each with its year, or rows of our own evidence: they stay in any language.

    >>> is_citation("Borda 1781; Karlan and List 2007"), is_citation("Borda 1781; usual practice of panels")
    (True, False)
    >>> is_citation("district.md A4"), is_citation("district.md A4, weekly contact")
    (True, False)
    """
    return all(CITATION.fullmatch(part.strip()) for part in source.split(";"))


def _is_ours(folder: str | Path) -> bool:
    return not Path(folder).name.startswith((".", "_")) and Path(folder).name not in {"tests", "results", "build"}


def read() -> Catalog:
    """The catalogue as it stands in the repository; an empty one where there is none."""
    if not CATALOGUE.exists():
        return Catalog(locale="zh", domain="commsim", charset="utf-8")
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh", domain="commsim")


def merged() -> Catalog:
    """The catalogue with the texts that are marked now: new ones without words, obsolete ones gone."""
    catalogue = read()
    catalogue.update(collected(), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    catalogue.project, catalogue.version, catalogue.fuzzy = "commsim", "", False
    catalogue.creation_date = catalogue.revision_date = UNDATED
    catalogue.last_translator = catalogue.language_team = "commsim contributors"
    catalogue.msgid_bugs_address = "commsim contributors"
    catalogue.header_comment = "# Chinese (simplified) words of commsim. Made with tools/translations.py."
    return catalogue


def untranslated(catalogue: Catalog) -> list[Message]:
    """Messages that lack words, or a plural's words."""
    return [message for message in catalogue if message.id and not all(_strings(message))]


def _strings(message: Message) -> tuple[str, ...]:
    words = message.string or ""
    return (words,) if isinstance(words, str) else tuple(words)


def compiled(catalogue: Catalog) -> bytes:
    """The catalogue in the form that gettext reads."""
    stream = io.BytesIO()
    write_mo(stream, catalogue)
    return stream.getvalue()


def main(check: bool = False) -> int:
    """Update, or only look. Returns 1 where a text has no words or the files are out of date."""
    catalogue = merged()
    missing = untranslated(catalogue)
    for message in missing:
        print(f"no Chinese words: {message.id!r} ({', '.join(name for name, _line in message.locations)})")
    if check:
        current = {message.id for message in read()} == {message.id for message in catalogue}
        print("" if current else "commsim.po is out of date: make translations")
        return int(bool(missing) or not current)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        write_po(file, catalogue, width=100, sort_by_file=True, include_lineno=False)
    CATALOGUE.with_suffix(".mo").write_bytes(compiled(catalogue))
    print(f"{len(catalogue)} messages, {len(missing)} without Chinese words")
    return int(bool(missing))


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv[1:]))
