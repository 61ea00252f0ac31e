"""The index on disk: its versions, what it refuses, and its commands."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from click.testing import CliRunner, Result

from qa.cache import temporary_cache
from qa.cli import main
from qa.errors import IndexUnavailable
from qa.indexes import open_index
from qa.indexes.disk.files import FILE_LIST, Contents, read_file_list
from qa.indexes.disk.folder import IndexFolder
from qa.indexes.disk.versions import DiskVersions, folder_of
from qa.indexing.publish import publish, version_to_serve
from testkit.corpora import corpus_of_page

PAGE = "cover-crops"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index with one version."""
    folder = tmp_path_factory.mktemp("made")
    publish(corpus_of_page(PAGE, folder / "corpus"), f"disk:{folder / 'index'}")
    return folder


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Path:
    """A copy of it: the folder with `corpus` and `index`."""
    return Path(shutil.copytree(made, tmp_path / "copy"))


def url_of(place: Path) -> str:
    return f"disk:{place / 'index'}"


def versions_of(place: Path) -> list[str]:
    return folder_of(url_of(place)).names()


def edit(place: Path, words: str) -> None:
    file = next((place / "corpus" / "documents").iterdir())
    file.write_text(f"{words}\n\n{file.read_text()}")


def publish_again(place: Path, words: str) -> str:
    edit(place, words)
    return publish(place / "corpus", url_of(place))


def run(place: Path, *arguments: str) -> Result:
    environment = {"QA_INDEX": url_of(place), "QA_CORPUS": str(place / "corpus"), "QA_ENCODER": "off"}
    return CliRunner().invoke(main, arguments, env=environment)


# --- versions ----------------------------------------------------------------------------------


def test_the_newest_version_is_served_and_earlier_ones_are_kept(place: Path) -> None:
    first = version_to_serve(place / "corpus", url_of(place))
    second = publish_again(place, "Rye is sown in Thermidor.")
    assert version_to_serve(place / "corpus", url_of(place)) == second != first
    old, new = (open_index(url_of(place), version, temporary_cache()) for version in (first, second))
    assert not old.statistics.frequency("thermidor")
    assert new.statistics.frequency("thermidor") == 1
    for number in range(3):
        publish_again(place, f"Rye is sown in week {number}.")
    names = versions_of(place)
    assert len(names) == 5  # two of them are open
    del old, new
    gc.collect()
    assert run(place, "index", "prune").exit_code == 0
    assert versions_of(place) == names[-3:]


def test_a_current_version_is_served_without_reading_the_corpus(place: Path) -> None:
    version = version_to_serve(place / "corpus", url_of(place))
    shutil.rmtree(place / "corpus")
    assert version_to_serve(place / "corpus", url_of(place)) == version


def test_without_a_version_the_corpus_is_published(place: Path) -> None:
    shutil.rmtree(place / "index")
    assert version_to_serve(place / "corpus", url_of(place)) == versions_of(place)[0].partition(".")[0]


def test_everybody_can_read_what_one_user_has_built(place: Path) -> None:
    [name] = versions_of(place)
    for path in (place / "index" / "versions" / name).rglob("*"):
        assert os.stat(path).st_mode & 0o044 == 0o044, path


# --- what is refused ---------------------------------------------------------------------------


def cut(folder: Path) -> None:
    file = folder / "words.section"
    file.write_bytes(file.read_bytes()[:-4])


def removed(folder: Path) -> None:
    (folder / "words.section").unlink()


def flipped(folder: Path) -> None:
    data = bytearray((folder / FILE_LIST).read_bytes())
    data[10] ^= 4
    (folder / FILE_LIST).write_bytes(data)


def of_another_release(folder: Path) -> None:
    from hashlib import sha256

    from qa.indexes.disk.files import DIGEST

    data = (folder / FILE_LIST).read_bytes()[:-DIGEST].replace(b'"format":1', b'"format":9')
    (folder / FILE_LIST).write_bytes(data + sha256(data).hexdigest().encode())


# damage, what the message says, and the way out that it names
DAMAGED = [
    (cut, "words.section has", "qa index build"),
    (removed, "words.section cannot be read", "qa index promote"),
    (flipped, "contents.json has changed", "qa index build"),
    (of_another_release, "has format 9; this release reads 1", "qa index build"),
]


@pytest.mark.parametrize(("damage", "fault", "way_out"), DAMAGED)
def test_a_damaged_version_is_refused(place: Path, damage: Callable[[Path], None], fault: str, way_out: str) -> None:
    [name] = versions_of(place)
    damage(place / "index" / "versions" / name)
    with pytest.raises(IndexUnavailable, match=fault) as caught:
        open_index(url_of(place), name.partition(".")[0], temporary_cache())
    assert way_out in str(caught.value)
    assert "\n" not in str(caught.value)
    assert run(place, "ask", "When is rye sown?").output.startswith("Error: ")


def test_a_damaged_version_is_made_again(place: Path) -> None:
    [name] = versions_of(place)
    cut(place / "index" / "versions" / name)
    assert run(place, "index", "verify").exit_code == 1
    assert run(place, "index", "build").exit_code == 0
    assert run(place, "index", "verify").exit_code == 0
    assert versions_of(place) == [name]


def foreign(place: Path) -> Path:
    (place / "photos").mkdir(parents=True)
    (place / "photos" / "holiday.jpg").write_bytes(b"")
    return place / "photos"


def a_file(place: Path) -> Path:
    (place / "notes.txt").write_text("notes")
    return place / "notes.txt"


@pytest.mark.parametrize(("make", "fault"), [(foreign, "has other files"), (a_file, "cannot be used for an index")])
def test_other_peoples_files_are_left_alone(place: Path, make: Callable[[Path], Path], fault: str) -> None:
    there = make(place)
    with pytest.raises(IndexUnavailable, match=fault):
        publish(place / "corpus", f"disk:{there}")
    if there.is_dir():
        assert [path.name for path in there.iterdir()] == ["holiday.jpg"]


def test_several_processes_may_be_the_first_to_use_a_folder(tmp_path: Path) -> None:
    """Each of the eight opens the folder for itself, as processes do."""
    with ThreadPoolExecutor(8) as processes:
        for number in range(50):
            together, url = Barrier(8), f"disk:{tmp_path / str(number)}"
            assert list(processes.map(current_together, [url] * 8, [together] * 8)) == [None] * 8


def current_together(url: str, together: Barrier) -> str | None:
    together.wait()
    return DiskVersions(folder_of(url)).current()


def test_a_folder_whose_first_use_was_interrupted_can_be_used(tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "index.new").write_text("Chapter")
    assert DiskVersions(folder_of(f"disk:{tmp_path / 'index'}")).current() is None


def test_nobody_removes_a_version_that_is_being_opened(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [first] = versions_of(place)
    publish_again(place, "Rye is sown in Thermidor.")

    def pruned_before(folder: Path) -> Contents:
        assert folder_of(url_of(place)).prune(keep=1) == []
        return read_file_list(folder)

    monkeypatch.setattr("qa.indexes.disk.versions.read_file_list", pruned_before)
    assert open_index(url_of(place), first, temporary_cache()).manifest.passages


def test_an_index_that_is_not_built_yet(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailable, match="qa index build"):
        IndexFolder(tmp_path / "nothing").names()


# --- commands ----------------------------------------------------------------------------------


def test_the_commands(place: Path) -> None:
    [first] = versions_of(place)
    edit(place, "Rye is sown in Thermidor.")
    assert "served from now on" in run(place, "index", "build").output
    [_, second] = versions_of(place)
    lines = run(place, "index", "list").output.splitlines()
    assert [line.split()[0] for line in lines] == [first, "*"]
    assert run(place, "index", "promote", first).exit_code == 0
    assert folder_of(url_of(place)).current() == first
    assert run(place, "ask", "When is rye sown?").exit_code == 0
    assert run(place, "index", "verify", second.partition(".")[0]).output.count("as they were made") == 1
    assert "qa index list" in run(place, "index", "promote", "0123").output
    assert run(place, "index", "prune", "--keep", "1").output == ""  # the current one is the oldest
    assert read_file_list(place / "index" / "versions" / first).passages == 8


def test_a_version_that_is_changed_is_not_promoted(place: Path) -> None:
    edit(place, "Rye is sown in Thermidor.")
    run(place, "index", "build")
    first, second = versions_of(place)
    file = place / "index" / "versions" / first / "passage.json.section"
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    assert "passage.json.section has changed" in run(place, "index", "promote", first).output
    assert folder_of(url_of(place)).current() == second


def test_the_commands_need_an_index_on_disk(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["index", "list"], env={"QA_INDEX": "memory:"})
    assert result.exit_code == 1
    assert "QA_INDEX=disk:FOLDER" in result.output
