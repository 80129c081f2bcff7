"""How often a holdout was used: counted from records of what was judged, which cannot be read wrongly unnoticed."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet
import pytest

from components.judged import reach_verdict
from components.judged_record import JudgedRecord, record_judged
from components.released import counted_in
from components.reused import count_reuse
from components.seen import KEY
from components.sketched import sketch_of
from tests.components.judgement import GATES, champion, judged
from tests.components.parted import COLUMNS, parted
from tests.small import SmallBundle
from tests.tollgate.gates.evidence import NO_CHAMPION, evidence, figure, lineage_of
from tollgate.canonical import canonical_json, sha256
from tollgate.contract import Column, Contract
from tollgate.data.rowhash import row_hashes
from tollgate.data.section import Format
from tollgate.evaluation.evidence import Champion, Evidence
from tollgate.evaluation.reuse import Reuse
from tollgate.evaluation.sketch import Sketch
from tollgate.storage.folder import FolderStorage

TARGET = "local/credit"
SPLITS = "d" * 64


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> tuple[pa.Table, Contract]:
    problem = parted(tmp_path_factory.mktemp("book") / "problem", "random")
    return problem.part("holdout"), problem.contract


class Bench:
    """A storage in which bundles are judged on rows of one book."""

    def __init__(self, storage: FolderStorage, book: tuple[pa.Table, Contract]) -> None:
        self.storage, (self.rows, self.contract) = storage, book

    def reuse(
        self,
        bundle: str,
        rows: pa.Table | None = None,
        target: str = TARGET,
        champion: Champion = NO_CHAMPION,
    ) -> Reuse:
        rows = self.rows if rows is None else rows
        sketch = sketch_of(rows, self.contract, Format())
        return count_reuse(bundle, SPLITS, sketch, target, champion, self.storage)

    def judge(
        self, bundle: str, rows: pa.Table | None = None, target: str = TARGET, auc: float = 0.7
    ) -> Evidence:
        """Measure and judge; an area under the curve of 0.5 is held."""
        found = evidence(
            bundle=bundle,
            champion=NO_CHAMPION,
            reuse=self.reuse(bundle, rows, target),
            metrics={"roc_auc": figure(auc, auc - 0.01, auc + 0.01)},
        )
        reach_verdict(
            canonical_json(found.as_json()), lineage_of(found), GATES, self.storage, f"run-{bundle}"
        )
        return found

    @property
    def records(self) -> list[Path]:
        return sorted((self.storage.root / "judged" / TARGET).iterdir())


@pytest.fixture
def bench(storage: FolderStorage, book: tuple[pa.Table, Contract]) -> Bench:
    return Bench(storage, book)


def test_of_a_fresh_holdout_the_first_use_is_this_one(bench: Bench) -> None:
    found = bench.reuse("a")
    assert (found.target, found.challengers, found.records, found.most_shared) == (TARGET, 1, 1, None)
    assert bench.reuse("a") == found, "the same bundle measured again is no new use"


def test_whoever_was_measured_counts_though_no_verdict_followed(bench: Bench) -> None:
    bench.reuse("ended before judge")
    assert (bench.reuse("next").challengers, bench.reuse("next").records) == (2, 2)


def test_of_two_at_the_same_time_one_counts_both(bench: Bench) -> None:
    with ThreadPoolExecutor(2) as pool:
        for turn in range(20):
            target, together = f"local/turn-{turn}", Barrier(2, timeout=30)

            def use(bundle: str, target: str = target, together: Barrier = together) -> int:
                together.wait()
                return bench.reuse(bundle, target=target).challengers

            assert max(pool.map(use, ("a", "b"))) == 2


def test_every_bundle_that_was_judged_on_these_rows_counts_once_held_or_not(bench: Bench) -> None:
    for bundle, auc in (("a", 0.7), ("b", 0.5), ("b", 0.5), ("a", 0.7), ("c", 0.7)):
        bench.judge(bundle, auc=auc)
    found = bench.reuse("d")
    assert (found.challengers, found.records, found.most_shared) == (4, 4, 1.0)
    assert bench.reuse("c").challengers == 4


def test_a_held_model_is_among_them(bench: Bench) -> None:
    bench.judge("held", auc=0.5)
    verdict = json.loads(bench.storage.read("runs/run-held/verdict.json"))
    assert verdict["decision"] == "hold"
    assert bench.reuse("next").challengers == 2


@pytest.mark.parametrize(("rows", "challengers"), [(0, 2), (70, 2), (90, 1), (150, 1)])
def test_holdouts_count_that_share_half_of_their_rows(bench: Bench, rows: int, challengers: int) -> None:
    half = bench.rows.num_rows // 2
    assert 155 < half < 180
    bench.judge("a", bench.rows.slice(0, half))
    found = bench.reuse("b", bench.rows.slice(rows, half))
    assert found.challengers == challengers
    assert found.most_shared == pytest.approx(max(0, 1 - rows / half), abs=1e-9)


def test_another_target_has_a_count_of_its_own(bench: Bench) -> None:
    bench.judge("a", target="local/mortgages")
    assert bench.reuse("b").challengers == 1
    assert bench.reuse("b", target="local/mortgages").challengers == 2


def test_a_record_says_what_was_judged_by_digest_and_reads_back(bench: Bench) -> None:
    judged = bench.judge("a")
    (path,) = bench.records
    record = JudgedRecord.read(json.loads(path.read_bytes()))
    assert isinstance(judged.reuse, Reuse)
    assert record == JudgedRecord(
        bundle="a", splits=SPLITS, sketch=judged.reuse.sketch, rows=bench.rows.num_rows
    )
    assert json.loads(path.read_bytes())["version"] == 1


def test_measured_or_judged_again_it_is_the_same_record(bench: Bench) -> None:
    bench.judge("a")
    before = bench.records
    bench.judge("a")
    assert bench.records == before


def test_evidence_that_names_another_place_is_held_and_nothing_is_written_there(bench: Bench) -> None:
    made = lineage_of(evidence(bundle="a", champion=NO_CHAMPION))
    elsewhere = bench.reuse("a").model_copy(update={"target": "../../../evil"})
    found = evidence(bundle="a", champion=NO_CHAMPION, reuse=elsewhere)
    before = set(bench.storage.root.parent.rglob("*"))
    verdict, _ = reach_verdict(canonical_json(found.as_json()), made, GATES, bench.storage, "one")
    assert "lineage" in {finding.subject for finding in verdict.stopped_by()}
    new = set(bench.storage.root.parent.rglob("*")) - before
    assert {path.relative_to(bench.storage.root).parts[0] for path in new} <= {"judged", "runs"}
    assert not list(bench.storage.root.parent.rglob("evil"))


def sketch_file(bench: Bench) -> Path:
    (path,) = (bench.storage.root / "sketches").glob("*/sketch.parquet")
    return path


DAMAGE: dict[str, Any] = {
    "a record that was edited": lambda bench: bench.records[0].write_bytes(b"{}"),
    "a record that is no JSON": lambda bench: bench.records[0].write_bytes(b"\xff"),
    "a file that is no record": lambda bench: (bench.records[0].parent / "note.txt").write_text("hello"),
    "a record that is a folder": lambda bench: (bench.records[0].parent / "more").mkdir(),
    "a sketch that was edited": lambda bench: sketch_file(bench).write_bytes(b"PAR1"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_record_that_cannot_be_read_is_told_and_fails_the_gates(bench: Bench, name: str) -> None:
    bench.judge("a")
    DAMAGE[name](bench)
    found = bench.reuse("b", bench.rows.slice(1))
    assert found.unreadable
    judged = bench.judge("b", bench.rows.slice(1))
    verdict = json.loads(bench.storage.read("runs/run-b/verdict.json"))
    failed = [
        one["message"] for one in verdict["findings"] if (one["gate"], one["status"]) == ("metric", "FAIL")
    ]
    assert any(found.unreadable in message for message in failed)
    assert isinstance(judged.reuse, Reuse)
    assert any(judged.reuse.sketch in path.read_text("latin-1") for path in bench.records if path.is_file())


def test_a_sketch_that_is_gone_is_no_reason_to_count_less(bench: Bench) -> None:
    bench.judge("a")
    sketch_file(bench).unlink()
    assert "cannot be read" in bench.reuse("b", bench.rows.slice(1)).unreadable


@pytest.fixture
def live(bench: Bench, bundle: SmallBundle) -> Champion:
    """A champion that is the third model judged on the rows."""
    for earlier in ("a", "b"):
        bench.reuse(earlier)
    judgement = judged(bench.storage, bundle, reuse=bench.reuse(bundle.digest))
    assert judgement.publish().outcome == "deployed"
    pointer = judgement.target.current()
    assert pointer is not None
    return champion(pointer)


def records_of(bench: Bench, *bundles: str) -> list[Path]:
    return [path for path in bench.records if json.loads(path.read_bytes())["bundle"] in bundles]


def test_where_all_records_are_there_that_the_champion_counted_they_are_counted(
    bench: Bench, live: Champion
) -> None:
    found = bench.reuse("c", champion=live)
    assert (found.challengers, found.records, found.unreadable) == (4, 4, "")


@pytest.mark.parametrize(
    ("removed", "left"), [(("a",), 2), (("a", "b"), 1), (("a", "b", "champion"), 0), (("champion",), 2)]
)
def test_records_that_were_removed_since_the_champion_are_missed(
    bench: Bench, live: Champion, removed: tuple[str, ...], left: int
) -> None:
    names = [str(live.bundle) if name == "champion" else name for name in removed]
    gone = records_of(bench, *names)
    assert len(gone) == len(removed)
    for path in gone:
        path.unlink()
    found = bench.reuse("c", champion=live)
    said = f"judged/{TARGET}: records were removed: the champion's evidence counted 3, its own among them, "
    assert said in found.unreadable
    assert f"there are now {left}" in found.unreadable


def test_the_champions_own_record_is_missed_however_many_there_are(bench: Bench, live: Champion) -> None:
    bench.reuse("c", champion=live)
    records_of(bench, str(live.bundle))[0].unlink()
    assert "there are now 3" in bench.reuse("d", champion=live).unreadable


def test_the_champion_measured_again_is_no_new_record(bench: Bench, live: Champion) -> None:
    found = bench.reuse(str(live.bundle), champion=live)
    assert (found.challengers, found.records, found.unreadable) == (3, 3, "")


def test_a_storage_that_never_had_the_champion_has_no_records_of_it_to_miss(
    bench: Bench, live: Champion
) -> None:
    for path in bench.records:
        path.unlink()
    (bench.storage.root / "releases").rename(bench.storage.root / "elsewhere")
    found = bench.reuse("c", champion=live)
    assert (found.challengers, found.unreadable) == (1, "")


def test_a_record_of_the_champion_that_was_edited_says_nothing_of_how_often(
    bench: Bench, live: Champion
) -> None:
    (path,) = (bench.storage.root / "releases").glob("*/evidence.json")
    path.chmod(0o644)
    path.write_bytes(path.read_bytes().replace(b'"records":3', b'"records":0'))
    assert "was changed after it was written" in bench.reuse("c", champion=live).unreadable


def test_evidence_of_an_older_format_counted_nothing() -> None:
    assert counted_in(b'{"version": 2}') is None


LOANS = pa.array([f"L{number}" for number in range(600)])
APPLICATIONS = pa.array(range(70_000, 70_600))
LOAN, APPLICATION = {"role": "id"}, {"type": "integer", "role": "ignore"}


def holdout(seed: int = 1, **columns: pa.Array) -> pa.Table:
    """600 rows of which amount and purpose, day and outcome are given."""
    draw = np.random.default_rng(seed)
    return pa.table(
        {
            **columns,
            "day": pa.array(draw.integers(18_000, 18_500, 600).astype(np.int32)).cast(pa.date32()),
            "amount": draw.normal(100, 20, 600),
            "purpose": draw.choice(["car", "home"], 600),
            "default": draw.choice(["0", "1"], 600),
        }
    )


def contract_of(columns: dict[str, dict[str, Any]]) -> Contract:
    return Contract.of({name: Column.read(settings) for name, settings in columns.items()})


def sketched(rows: pa.Table, **columns: dict[str, Any]) -> Sketch:
    kept = {name: COLUMNS[name] for name in rows.column_names if name not in columns}
    return sketch_of(rows, contract_of({**columns, **kept}), Format())


FIRST = sketched(holdout(loan=LOANS, application=APPLICATIONS), loan=LOAN, application=APPLICATION)
AGAIN: dict[str, Sketch] = {
    "another unique column is the id": sketched(
        holdout(loan=LOANS, application=APPLICATIONS),
        loan={"role": "ignore"},
        application={"type": "integer", "role": "id"},
    ),
    "that one alone is left": sketched(
        holdout(application=APPLICATIONS), application={"type": "integer", "role": "id"}
    ),
    "the ids under another name": sketched(holdout(number=LOANS), number=LOAN),
    "the two under each other's names": sketched(
        holdout(loan=APPLICATIONS, application=LOANS),
        loan={"type": "integer", "role": "id"},
        application={"role": "ignore"},
    ),
    "other ids under the old name": sketched(
        holdout(loan=pc.binary_join_element_wise("X", LOANS, "")), loan=LOAN
    ),
    "other ids under a new name": sketched(
        holdout(number=pc.binary_join_element_wise("X", LOANS, "")), number=LOAN
    ),
    "no ids": sketched(holdout()),
    "no ids, and the other columns under other names": sketched(
        holdout().rename_columns(["decided", "sum", "use", "outcome"]),
        decided=COLUMNS["day"],
        sum=COLUMNS["amount"],
        use=COLUMNS["purpose"],
        outcome=COLUMNS["default"],
    ),
    "no ids, and a feature less": sketched(holdout().drop_columns(["purpose"])),
    "other ids, a feature less, and another column says the days": sketched(
        holdout(
            number=APPLICATIONS, known=pa.array([20_000] * 600, pa.int32()).cast(pa.date32())
        ).drop_columns(["purpose"]),
        number={"type": "integer", "role": "id"},
        day={"type": "date", "role": "ignore"},
        known={"role": "time"},
    ),
}


@pytest.mark.parametrize("name", AGAIN)
def test_the_same_rows_are_the_same_rows_whatever_their_columns_are_called_and_for(name: str) -> None:
    assert FIRST.shared_with(AGAIN[name]) == AGAIN[name].shared_with(FIRST) == 1


def test_other_rows_with_other_ids_share_nothing() -> None:
    later = pa.array([f"L{number}" for number in range(600, 1200)])
    found = sketched(holdout(2, loan=later), loan=LOAN)
    assert FIRST.shared_with(found) == found.shared_with(FIRST) == 0
    assert sketched(holdout(1)).shared_with(sketched(holdout(2))) == 0, "without ids the whole row tells"


def test_of_two_books_numbered_from_1_a_row_number_beside_the_ids_shares_nothing_on_other_days() -> None:
    numbers, later = pa.array(range(600)), pa.array([f"L{number}" for number in range(600, 1200)])
    roles = {"loan": LOAN, "number": APPLICATION}
    one, other = holdout(1, loan=LOANS, number=numbers), holdout(2, loan=later, number=numbers)
    days = pc.add(other.column("day").cast(pa.int32()), 600).cast(pa.int32()).cast(pa.date32())
    moved = other.set_column(other.column_names.index("day"), "day", days)
    assert sketched(one, **roles).shared_with(sketched(moved, **roles)) == 0


def test_amounts_that_happen_to_be_alike_are_no_shared_rows() -> None:
    draw = np.random.default_rng(5)
    one, other = (
        sketched(
            holdout(
                seed,
                loan=pa.array([f"{seed}-{row}" for row in range(600)]),
                sum=draw.integers(0, 20_000, 600),
            ),
            loan=LOAN,
            sum=APPLICATION,
        )
        for seed in (1, 2)
    )
    for found in (one, other):
        assert [of.split()[0] for of in found.hashes] == ["loan", "row", "sum"]
    assert one.shared_with(other) < 0.1


def test_what_tells_rows_apart_is_hashed_whatever_its_role(bench: Bench) -> None:
    found = sketch_of(bench.rows, bench.contract, Format())
    assert [of.split()[0] for of in found.hashes] == ["loan", "row"], "neither amounts nor days"
    assert (found.rows, found.days.column, found.days.since[:4]) == (bench.rows.num_rows, "day", "2020")


def test_rows_that_look_alike_tell_nothing() -> None:
    found = sketched(holdout().select(["purpose", "default"]))
    assert found.hashes == {}
    assert found.shared_with(found) == 1


def test_a_sketch_of_version_1_still_counts(bench: Bench) -> None:
    """What stands in storages from before: the hashes of the ids alone, without the name of their column."""
    hashes = np.unique(row_hashes(bench.rows.select(["loan"]).rename_columns(["id"]), KEY)[:, 0])
    said = {"version": "1", "of": "id (string)", "rows": str(bench.rows.num_rows), "since": "2020-01-01"}
    table = pa.table({"hash": hashes}).replace_schema_metadata({**said, "until": "2021-12-31"})
    sink = pa.BufferOutputStream()
    pyarrow.parquet.write_table(table, sink)
    content = bytes(sink.getvalue())
    name = sha256(content)
    bench.storage.place(f"sketches/{name}", {"sketch.parquet": content})
    record = JudgedRecord(bundle="before", splits=SPLITS, sketch=name, rows=bench.rows.num_rows)
    assert record_judged(record, TARGET, bench.storage)
    found = bench.reuse("now")
    assert (found.challengers, found.most_shared, found.unreadable) == (2, 1, "")
