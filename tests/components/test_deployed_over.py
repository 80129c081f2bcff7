"""deploy and a champion: the very same one, one that moved since the verdict, and one that cannot be told."""

from pathlib import Path
from typing import Any

import pytest

from serving.release import release_of
from tests.components.judgement import SERVING, Judgement, champion, judged
from tests.small import SmallBundle
from tollgate.errors import TargetError
from tollgate.outcome import Outcome, outcome_key
from tollgate.storage.folder import FolderStorage


def test_the_same_release_again_is_deployed_without_a_change(
    judgement: Judgement, storage: FolderStorage, bundle: SmallBundle
) -> None:
    judgement.publish()
    live = judgement.target.current()
    assert live is not None
    outcome = judged(storage, bundle, "two", champion=champion(live)).publish("two")
    assert (outcome.outcome, outcome.changed, outcome.generation) == ("deployed", False, 1)
    assert outcome.reasons == ("the same release is live already: nothing was written",)
    assert judgement.target.current() == live


def test_a_champion_that_was_promoted_since_the_verdict_is_a_conflict(
    judgement: Judgement, storage: FolderStorage, other_bundle: SmallBundle
) -> None:
    assert judged(storage, other_bundle, "two").publish("two").outcome == "deployed"
    live = judgement.target.current()
    outcome = judgement.publish()
    assert outcome.outcome == "conflict"
    assert "someone else was promoted since the verdict" in outcome.reasons[0]
    assert judgement.target.current() == live


def test_a_champion_that_is_gone_since_the_verdict_is_a_conflict(
    judgement: Judgement, bundle: SmallBundle, tmp_path: Path
) -> None:
    judgement.publish()
    live = judgement.target.current()
    assert live is not None
    emptied = FolderStorage(tmp_path / "emptied")
    outcome = judged(emptied, bundle, "two", champion=champion(live)).publish("two")
    assert outcome.outcome == "conflict"


def test_a_promotion_at_the_very_last_moment_is_a_conflict(
    judgement: Judgement, storage: FolderStorage, other_bundle: SmallBundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    def promoted_meanwhile(*given: Any) -> Any:
        monkeypatch.setattr("components.deployed.release_of", release_of)
        assert judged(storage, other_bundle, "two").publish("two").outcome == "deployed"
        return release_of(*given)

    monkeypatch.setattr("components.deployed.release_of", promoted_meanwhile)
    outcome = judgement.publish()
    assert outcome.outcome == "conflict"
    assert "generation 1 is live, not the one that was judged against" in outcome.reasons[0]
    assert Outcome.model_validate_json(judgement.storage.read(outcome_key("one"))) == outcome
    live = judgement.target.current()
    assert live is not None
    assert live.bundle == other_bundle.digest


def test_a_target_whose_pointer_was_lost_is_not_taken_for_an_empty_one(judgement: Judgement) -> None:
    judgement.publish()
    (judgement.storage.root / "targets" / SERVING["name"] / "pointer.json").unlink()
    with pytest.raises(TargetError, match="is missing, but there is a history"):
        judgement.publish()
