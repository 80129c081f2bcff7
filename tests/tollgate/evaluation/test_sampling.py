"""What is drawn follows from the model and its holdout: nobody chooses among seeds."""

from tollgate.evaluation.sampling import Sampling
from tollgate.evaluation.section import EvaluateSection

SPLITS, BUNDLE = "a" * 64, "b" * 64


def test_the_same_model_on_the_same_holdout_is_drawn_alike() -> None:
    one, again = (Sampling.of(EvaluateSection(), SPLITS, BUNDLE) for _ in range(2))
    assert one == again
    assert one.bootstraps == 1000


def test_more_resamples_begin_with_the_same_seed() -> None:
    more = Sampling.of(EvaluateSection(bootstraps=2000), SPLITS, BUNDLE)
    assert (more.bootstraps, more.seed) == (2000, Sampling.of(EvaluateSection(), SPLITS, BUNDLE).seed)


def test_another_model_and_another_holdout_have_seeds_of_their_own() -> None:
    pairs = [(SPLITS, BUNDLE), ("c" * 64, BUNDLE), (SPLITS, "d" * 64), (BUNDLE, SPLITS)]
    seeds = {Sampling.of(EvaluateSection(), splits, bundle).seed for splits, bundle in pairs}
    assert len(seeds) == 4
    assert all(0 <= seed < 2**31 for seed in seeds)
