"""What `sendthemes doctor` finds."""

import subprocess

import pytest

from sendthemes import doctor
from sendthemes.coding.cache import Kept
from sendthemes.errors import ModelError, Problem


def found(cache=None):
    return {each.name: each for each in doctor.findings(cache)}


def test_all_is_well_here_and_versions_are_named() -> None:
    seen = found()
    assert all(each.well for each in seen.values())
    assert seen["spacy"].state.startswith("3.8.")
    assert "known ones" in seen["spaCy model"].state
    assert "send-readiness" in seen["Bundled codebooks"].state


def test_a_package_that_is_missing_is_a_fault_only_if_it_is_needed(monkeypatch) -> None:
    monkeypatch.setattr(doctor, "NEEDED", ("no-such-package",))
    monkeypatch.setattr(doctor, "EXTRAS", {"no-such-extra": "nothing"})
    seen = found()
    assert (seen["no-such-package"].state, seen["no-such-package"].well) == ("missing", False)
    assert (seen["no-such-extra"].state, seen["no-such-extra"].well) == (
        "not here; only nothing needs it",
        True,
    )


def test_every_file_of_the_model_that_differs_is_named(monkeypatch) -> None:
    def differs():
        raise ModelError([Problem("differs", "a"), Problem("missing", "b")])

    monkeypatch.setattr(doctor, "model_path", differs)
    seen = found()["spaCy model"]
    assert not seen.well
    assert "a: differs" in seen.state
    assert "b: missing" in seen.state


@pytest.mark.parametrize(
    ("said", "expected"), [("17.0.1", ""), ("11.0.2", "17 or newer"), (None, "not here")]
)
def test_java_is_found_with_its_version(monkeypatch, said, expected) -> None:
    answer = subprocess.CompletedProcess([], 0, "", f'openjdk version "{said}"\nmore')
    monkeypatch.setattr(doctor.shutil, "which", lambda name: said and "/bin/java")
    monkeypatch.setattr(doctor.subprocess, "run", lambda *args, **options: answer)
    assert expected in found()["Java"].state
    assert found()["Java"].well


def test_a_cache_is_looked_into(tmp_path) -> None:
    assert found(tmp_path / "none")[f"Cache {tmp_path / 'none'}"].state == "not there"
    Kept(tmp_path, ["a text"]).index()
    assert found(tmp_path)[f"Cache {tmp_path}"].state == "1 files, 0.0 MB, all as written"
    (path,) = tmp_path.glob("*.index")
    path.write_bytes(path.read_bytes()[:-1])
    assert path.name in found(tmp_path)[f"Cache {tmp_path}"].state
    (tmp_path / "key").unlink()
    assert "no key" in found(tmp_path)[f"Cache {tmp_path}"].state
