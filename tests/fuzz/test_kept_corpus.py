"""Everything that ever broke a reader, and some mutations more, are read or refused with a message."""

from pathlib import Path

import pytest

from tests.fuzz.cases import CORPUS, FORMS, FOUND, case, kept, material, read_case

SEED = 5
CASES = 300
EACH = 50
FILES = [path for ending in (".csv", ".yaml") for path in kept(ending)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_of_the_corpus_is_read_or_refused(path: Path, tmp_path: Path) -> None:
    for form in range(len(FORMS) if path.suffix == ".csv" else 1):
        refusal = read_case(path.suffix, path.read_bytes(), form, tmp_path)
        assert refusal is None or refusal.strip()


@pytest.mark.parametrize("ending", [".csv", ".yaml"])
def test_what_is_mutated_is_itself_in_order(ending: str, tmp_path: Path) -> None:
    """Else the mutations would be refused for what was wrong before."""
    assert (
        len(material(ending)) == len([path for path in kept(ending) if not path.name.startswith(FOUND)]) > 1
    )
    for content, form in material(ending):
        assert read_case(ending, content, form, tmp_path) is None


@pytest.mark.parametrize("first", range(0, CASES, EACH))
def test_mutations_are_read_or_refused(first: int, tmp_path: Path) -> None:
    refusals = [read_case(*case(SEED, number), tmp_path) for number in range(first, first + EACH)]
    assert any(refusals)
    assert None in refusals


def test_a_number_always_gives_the_same_case() -> None:
    assert case(SEED, 7) == case(SEED, 7) != case(SEED, 9)
    assert case(SEED, 7) != case(SEED + 1, 7)


def test_the_corpus_is_small() -> None:
    assert sum(path.stat().st_size for path in CORPUS.iterdir()) < 1_000_000
