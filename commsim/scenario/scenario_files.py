"""Where scenario files are: the shipped folder, folders that the caller names, and the file that extends another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from commsim.i18n import Text, _
from commsim.scenario.input_method_traps import shown_path
from commsim.scenario.problems import InvalidFile, Place, Problem
from commsim.suggestions import did_you_mean_or_known, listing, nearest_names

SUFFIXES = (".yaml", ".yml")


def shipped_folder() -> Path:
    """The folder of the scenarios that ship with commsim: inside the package when installed, else in the checkout."""
    package = Path(__file__).parents[1]
    installed = package / "_shipped" / "scenarios"
    return installed if installed.is_dir() else package.parent / "scenarios"


def scenario_files(folder: Path) -> list[Path]:
    """The YAML files of a folder, by name."""
    return sorted(path for path in folder.glob("*") if path.suffix in SUFFIXES)


def is_path(name_or_path: str | Path) -> bool:
    """Whether a file is meant rather than the name of a scenario."""
    text = str(name_or_path)
    return isinstance(name_or_path, Path) or text.endswith(SUFFIXES) or "/" in text or "\\" in text


def find(name_or_path: str | Path, folders: Sequence[Path], place: Place | None = None) -> Path:
    """The file of a scenario.

    Arguments: `name_or_path`; `folders`, searched for names in this order (and for relative paths where `place`, the
    `extends` that asks, is given). Raises InvalidFile, with near names, where there is none.
    """
    if is_path(name_or_path):
        path = Path(name_or_path)
        candidates = [folder / path for folder in folders] if place is not None else [path]
    else:
        candidates = [folder / f"{name_or_path}{suffix}" for folder in folders for suffix in SUFFIXES]
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    where = Place(str(name_or_path), 0) if place is None else place
    text = _missing_file(Path(name_or_path)) if is_path(name_or_path) else _missing_name(str(name_or_path), folders)
    raise InvalidFile([Problem(where.file, where.line, "" if place is None else "extends", text)])


def _missing_name(name: str, folders: Sequence[Path]) -> Text:
    known = [path.stem for folder in folders for path in scenario_files(folder)]
    text = _("there is no scenario {name!r}. {hint}").format(name=name, hint=did_you_mean_or_known(name, known))
    here = Path(f"{name}.yaml")
    if here.is_file():
        return _("{said} To use the file in this folder, write {path}.").format(said=text, path=here)
    return text


def _missing_file(path: Path) -> Text:
    folder = path.parent
    if path.is_dir():
        return _("this is a folder; the path of a .yaml file was expected")
    if not folder.is_dir():
        return _("there is no such file, nor the folder {folder}; check the path").format(folder=shown_path(folder))
    names = [file.name for file in scenario_files(folder)]
    near = nearest_names(path.name, names) or tuple(names[:5])
    if not near:
        return _("there is no such file, and no other .yaml file in {folder}; check the path").format(
            folder=shown_path(folder)
        )
    return _("there is no such file. In the same folder there are: {names}").format(names=listing(near))


def folders_of(folders: Iterable[Path | str], first: Path | None = None) -> tuple[Path, ...]:
    """Where names are looked up: `first` (the folder of the extending file), the caller's folders, the shipped one."""
    given = [Path(folder) for folder in folders]
    return tuple(dict.fromkeys([*([first] if first is not None else []), *given, shipped_folder()]))
