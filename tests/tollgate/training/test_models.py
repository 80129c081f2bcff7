from typing import get_args

from tollgate.training.models import MODELS
from tollgate.training.section import TrainSection


def test_the_section_names_exactly_the_models_that_can_be_trained() -> None:
    assert set(MODELS) == set(get_args(TrainSection.model_fields["model"].annotation))
