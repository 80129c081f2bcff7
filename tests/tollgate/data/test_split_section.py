from typing import Any

import pytest
from pydantic import ValidationError

from tollgate.data.split_section import SplitSection


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"method": "time", "holdout": 0.2}, "`holdout`: with `method: time` this is a period"),
        ({"method": "time", "holdout": "half"}, "`holdout`: 'half' is no period"),
        ({"method": "time", "holdout": "0 days"}, "`holdout`: the period must be longer than nothing"),
        ({"method": "time", "holdout": "1 year", "calibration": 0.1}, "`calibration`: with `method: time`"),
        ({"method": "random", "holdout": "6 months"}, "`holdout`: without time this is a share"),
        ({"method": "random", "holdout": 0}, "`holdout`: without time this is a share"),
        ({"method": "order", "holdout": 0.95}, "0.01 to 0.9"),
        ({"method": "random", "holdout": 0.2, "calibration": 0.001}, "`calibration`: without time"),
        ({"method": "random", "holdout": 0.5}, "together leave no rows to fit on"),
        ({"method": "random", "holdout": 0.6, "calibration": 0.4}, "together leave no rows to fit on"),
        ({"method": "stratified", "holdout": 0.2}, "'time', 'random' or 'order'"),
        ({"method": "random", "holdout": 0.2, "salt": ""}, "at least 1 character"),
        ({"method": "random", "holdout": True}, "holdout"),
    ],
)
def test_a_split_that_cannot_be_is_refused_with_the_reason(settings: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError) as refused:
        SplitSection.read({"salt": "a"} | settings)
    assert reason in str(refused.value)


def test_a_salt_is_needed() -> None:
    with pytest.raises(ValidationError, match="salt"):
        SplitSection.read({"method": "random", "holdout": 0.2})


def test_calibration_takes_as_much_as_the_holdout_unless_told() -> None:
    assert SplitSection.read({"method": "time", "holdout": "6 months", "salt": "a"}).window == "6 months"
    told = {"method": "random", "holdout": 0.2, "calibration": 0.1, "salt": "a"}
    assert SplitSection.read(told).window == 0.1
