"""What publishing on disk promises when something goes wrong. CI tries the short form; QA_FAULTS=long, the long one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from testkit.faults import compiled_shim, flips, flips_in_records, kills, naive_store, with_shim
from testkit.reliability import report

LONG = os.environ.get("QA_FAULTS") == "long"


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    library = compiled_shim(tmp_path_factory.mktemp("shim"))
    if library is None:
        pytest.skip("no C compiler, or not Linux: file calls cannot be made to fail")
    return library


def test_a_killed_process_leaves_a_whole_version(tmp_path: Path) -> None:
    number = 500 if LONG else 100
    report("kill -9 while publishing", number, kills(tmp_path, number))


def test_the_same_test_notices_a_careless_writer(tmp_path: Path) -> None:
    report("careless writer killed", 10, [] if kills(tmp_path, 10, naive_store) else ["not noticed"])


@pytest.mark.parametrize("kind", ["power", "ENOSPC", "EIO", "EMFILE"])
def test_a_file_call_that_fails_leaves_a_whole_version(shim: Path, tmp_path: Path, kind: str) -> None:
    """power: what was not flushed is lost. The next one publishes as if nothing had happened."""
    calls, *wrong = with_shim(shim, tmp_path, "1" if LONG else "43", "careful", kind)[kind]
    report(f"{kind} at a file call", int(calls), wrong)


def test_lost_power_is_noticed_with_a_careless_writer(shim: Path, tmp_path: Path) -> None:
    calls, *wrong = with_shim(shim, tmp_path, "43", "naive", "power")["power"]
    report("careless writer without power", int(calls), [] if wrong else ["not noticed"])


def test_every_flipped_bit_is_noticed(tmp_path: Path) -> None:
    number = 10_000 if LONG else 500
    report("flipped bits", number, flips(tmp_path, number))


def test_no_flipped_bit_of_a_passage_is_shown(tmp_path: Path) -> None:
    number = 1_000 if LONG else 100
    report("flipped bits in passages", number, flips_in_records(tmp_path, number))
