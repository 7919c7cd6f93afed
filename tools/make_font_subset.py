"""Cut the figures' font: Noto Sans CJK SC down to Latin and the characters of GB 2312, under a name of its own.

Needs Debian's package `fonts-noto-cjk` (SIL Open Font License 1.1) and `fonttools`. Run from the project's root:

    python tools/make_font_subset.py /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc

It writes `commsim/report/fonts/CommsimSansSC-Regular.otf`. The same source gives the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

FAMILY = "Commsim Sans SC"
SOURCE_FAMILY = "Noto Sans CJK SC"
TARGET = Path(__file__).parents[1] / "commsim" / "report" / "fonts" / "CommsimSansSC-Regular.otf"
PROVENANCE = "Subset of Noto Sans CJK SC 2.004, renamed as the Open Font License asks; see OFL.txt."
LATIN_AND_SIGNS = (
    (0x0020, 0x007E),  # ASCII
    (0x00A0, 0x017F),  # Latin-1 and Latin Extended-A
    (0x0391, 0x03C9),  # Greek
    (0x2010, 0x2027),  # dashes, quotation marks, bullets, ellipsis
    (0x2030, 0x203A),
    (0x20AC, 0x20AC),
    (0x2190, 0x2193),  # arrows
    (0x2200, 0x22A5),  # mathematical operators, among them the minus sign
    (0x25A0, 0x25CF),  # geometric shapes
    (0x3000, 0x3017),  # CJK punctuation
    (0xFF01, 0xFF5E),  # full-width forms
)


def characters() -> set[int]:
    """Code points to keep: the ranges above and everything that the GB 2312 encoding can say."""
    wanted = {point for first, last in LATIN_AND_SIGNS for point in range(first, last + 1)}
    for row in range(0xA1, 0xFF):
        for cell in range(0xA1, 0xFF):
            try:
                wanted.add(ord(bytes((row, cell)).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    return wanted


def source_font(collection: Path) -> TTFont:
    """The simplified-Chinese face of the collection. Raises LookupError where there is none."""
    for font in TTCollection(str(collection)).fonts:
        if font["name"].getDebugName(1) == SOURCE_FAMILY:
            font.recalcTimestamp = False
            return font
    raise LookupError(f"{collection.name} holds no face named {SOURCE_FAMILY!r}")


def cut(font: TTFont) -> None:
    """Drop, in place, all glyphs, features, hints and tables that horizontal plain text does not need."""
    options = subset.Options()
    options.layout_features = ["kern"]
    options.hinting = False
    options.desubroutinize = False
    options.notdef_outline = True
    options.glyph_names = False
    options.name_IDs = [0, 13, 14]
    options.name_languages = [0x409]
    options.drop_tables += ["BASE", "GDEF", "GSUB", "VORG", "vhea", "vmtx", "DSIG"]
    options.recalc_timestamp = False
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters())
    cutter.subset(font)


def rename(font: TTFont) -> None:
    """Give the cut font its own family name; its copyright and licence texts stay."""
    names = font["name"]
    postscript = TARGET.stem
    for identifier, text in {
        1: FAMILY,
        2: "Regular",
        3: f"{postscript};2.004",
        4: FAMILY,
        5: "Version 2.004",
        6: postscript,
        10: PROVENANCE,
    }.items():
        names.setName(text, identifier, 3, 1, 0x409)
    top = font["CFF "].cff
    top.fontNames[0] = postscript
    for key in ("FullName", "FamilyName"):
        if hasattr(top.topDictIndex[0], key):
            setattr(top.topDictIndex[0], key, FAMILY)


def main(arguments: list[str]) -> int:
    """Write the subset of the collection named on the command line."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    font = source_font(Path(arguments[0]))
    cut(font)
    rename(font)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    font.save(str(TARGET), reorderTables=True)
    print(f"{TARGET.name}: {TARGET.stat().st_size / 1e6:.2f} MB, {len(font.getBestCmap())} characters")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
