"""Hidden folders of writers: never shared, swept when abandoned, and the log names the folder in which it lies."""

from __future__ import annotations

import errno
import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from commsim.authoring import template
from commsim.errors import NoSpace
from commsim.scenario import load_scenario
from commsim.store.abandoned import being_written, sweep
from commsim.store.folders import new_folder
from commsim.store.results import write_comparison
from commsim.study import Comparison, compare

OLD = time.time() - 7 * 3600


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return compare(load_scenario("tutorial", ["months=1"]), ["basic.equal_split"], 1, workers=1)


def test_threads_that_write_at_once_each_get_a_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    def write(_writer: int) -> Path:
        with new_folder(None, "made") as (_folder, name):
            name.before_it_appears = lambda final: (name.hidden / "log").write_text(str(final)) and None
            time.sleep(0.05)
        return Path(name.final)

    with ThreadPoolExecutor(8) as pool:
        finals = list(pool.map(write, range(16)))
    assert len(set(finals)) == 16
    assert all((final / "log").read_text() == str(final) for final in finals)


def test_the_log_names_the_folder_in_which_it_lies_where_the_number_was_taken_meanwhile(
    comparison: Comparison, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = write_comparison(comparison, add=lambda _folder: Path("results/tutorial-compare-001").mkdir())
    started = json.loads((folder / "log.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert folder.name == "tutorial-compare-002" and started["folder"] == str(folder.absolute())


def test_what_a_killed_process_left_is_swept_and_what_is_being_written_is_left_alone(tmp_path: Path) -> None:
    abandoned, young, live = (tmp_path / f".mine.tmp-{number}" for number in ("1", "2" * 16, "3" * 16))
    for folder in (abandoned, young, live):
        folder.mkdir()
        (folder / "table").write_text("x")
    other = tmp_path / ".mine.tmp-of-somebody"
    other.mkdir()
    for folder in (abandoned, live, other):
        os.utime(folder, (OLD, OLD))
    with being_written(live):
        sweep(tmp_path)
        assert sorted(os.listdir(tmp_path)) == sorted([young.name, live.name, other.name])
    sweep(tmp_path)
    assert sorted(os.listdir(tmp_path)) == sorted([young.name, other.name])


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EFBIG, errno.EDQUOT])
def test_a_disk_without_room_is_told_with_the_folder_and_nothing_stays(number: int, tmp_path: Path) -> None:
    with pytest.raises(NoSpace, match=str(tmp_path)), new_folder(tmp_path / "mine", "made"):
        raise OSError(number, os.strerror(number))
    assert os.listdir(tmp_path) == []


def test_a_new_rule_that_does_not_fit_leaves_neither_of_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Path.write_text

    def full(path: Path, text: str, **settings: str) -> int:
        whole(path, text[:10], **settings)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(NoSpace, match=str(tmp_path)):
        template.new_rule("mine", tmp_path)
    assert os.listdir(tmp_path) == []
