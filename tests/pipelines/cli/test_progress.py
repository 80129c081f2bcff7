"""What a run says while it goes on."""

import pytest

from pipelines.cli.progress import progress


def test_a_step_that_is_done_is_told_with_its_plain_facts(capsys: pytest.CaptureFixture[str]) -> None:
    facts = {"rows": 3, "auc": 0.71234, "digest": "ab" * 32, "part": {"rows": 7}, "list": [1], "empty": ""}
    with progress() as listen:
        listen({"step": "train", "state": "started"})
        listen({"step": "train", "state": "done", "seconds": 1.25, "facts": facts})
    assert capsys.readouterr().out == (
        "✓ train        1.2 s  rows 3, auc 0.7123, digest abababababab, part 7\n"
    )


def test_a_step_that_failed_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with progress(to_stderr=True) as listen:
        listen({"step": "ingest", "state": "failed", "kind": "DataError", "message": "no"})
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "✕ ingest    failed\n")


@pytest.mark.parametrize("text", ["[/x]", "[red]", "[link=file:///x]y[/link]", "a\\[b"])
def test_a_fact_that_looks_like_markup_is_told_as_it_is(
    capsys: pytest.CaptureFixture[str], text: str
) -> None:
    with progress() as listen:
        listen({"step": "ingest", "state": "done", "seconds": 0.0, "facts": {"states": f"only {text} rows"}})
    assert f"states only {text} rows" in capsys.readouterr().out
