"""PNG figures: the project's own font, every glyph there, the same bytes each time."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import numpy as np
import pytest
from fontTools.ttLib import TTFont

from commsim.i18n import LOCALE_FOLDER, use_language
from commsim.record import standard_indicators
from commsim.report import write_report
from commsim.report.paper_figures import FONT_FAMILY, FONT_FILE, paper_style, save, write_figures
from commsim.study.comparison import Comparison

NAMES = ("trajectories", "differences", "committees")
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(autouse=True)
def missing_glyphs_are_errors() -> object:
    """A missing glyph is a warning of matplotlib; here it fails the test."""
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="Glyph .* missing from font")
        yield


def test_the_report_writes_the_page_and_three_figures_with_the_same_bytes_twice(
    small: Comparison, tmp_path: Path
) -> None:
    write_report(small, tmp_path / "one")
    write_report(small, tmp_path / "two")
    files = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*") if path.is_file())
    assert [str(path) for path in files] == [*(f"figures/{name}.png" for name in sorted(NAMES)), "index.html"]
    for path in files:
        data = (tmp_path / "one" / path).read_bytes()
        assert data == (tmp_path / "two" / path).read_bytes()
        if path.suffix == ".png":
            assert data.startswith(PNG)
            # Neither when nor with what it was made: that would change the bytes from one machine to the next.
            assert not any(chunk in data for chunk in (b"tEXt", b"iTXt", b"tIME", b"matplotlib"))


def test_figures_can_be_drawn_in_chinese_without_a_missing_glyph(small: Comparison, tmp_path: Path) -> None:
    use_language("zh")
    try:
        write_figures(small, tmp_path)
    finally:
        use_language("en")
    assert sorted(path.stem for path in tmp_path.iterdir()) == sorted(NAMES)


def test_a_missing_glyph_is_an_error(tmp_path: Path) -> None:
    from matplotlib.figure import Figure

    with paper_style():
        figure = Figure()
        figure.text(0.5, 0.5, "\N{GRINNING FACE}")
        with pytest.raises(UserWarning, match="missing from font"):
            save(figure, tmp_path / "missing.png")


def test_the_font_is_a_small_renamed_subset_under_its_licence() -> None:
    font = TTFont(FONT_FILE)
    names = {record.toUnicode() for record in font["name"].names if record.nameID in (1, 4, 6)}
    assert names == {FONT_FAMILY, FONT_FILE.stem}
    assert FONT_FILE.stat().st_size < 2_000_000
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONT_FILE.parent / "OFL.txt").read_text(encoding="utf-8")


def test_the_font_has_every_character_of_gb_2312() -> None:
    known = set(TTFont(FONT_FILE).getBestCmap())
    rows, cells = np.meshgrid(np.arange(0xB0, 0xF8), np.arange(0xA1, 0xFF))
    pairs = [bytes(pair) for pair in np.stack((rows.ravel(), cells.ravel()), axis=1).astype(np.uint8)]
    hanzi = {character for pair in pairs for character in pair.decode("gb2312", errors="ignore")}
    assert len(hanzi) == 6763
    assert {character for character in hanzi if ord(character) not in known} == set()


def test_the_font_has_every_character_that_indicators_and_translations_use() -> None:
    known = set(TTFont(FONT_FILE).getBestCmap())
    texts = [
        text.to(language) for one in standard_indicators() for text in (one.label, one.doc) for language in ("en", "zh")
    ]
    catalogue = LOCALE_FOLDER / "zh" / "LC_MESSAGES" / "commsim.po"
    if catalogue.exists():
        lines = catalogue.read_text(encoding="utf-8").splitlines()
        texts += [
            json.loads(line[line.index('"') :])
            for line in lines
            if line.rstrip().endswith('"') and '"' in line and not line.startswith("#")
        ]
    missing = {character for text in texts for character in text if ord(character) not in known} - set("\n\t")
    assert missing == set()
