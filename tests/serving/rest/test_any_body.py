"""Whatever JSON comes, the server scores it or says what is wrong with it; it never fails."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.serving.live import V1, V2, Live
from tests.serving.refused import refused
from tests.serving.rest.test_v2 import tensors
from tests.small import SmallBundle

FAST = settings(
    max_examples=50,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from([10**400, -(10**30), 1.7e308, 5e-324, "", "car", "2020-01-01"])
    | st.text()
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def settled(server: Live, path: str, body: Any) -> None:
    answer = server.post(path, body)
    if answer.status != 200:
        refused(server, answer)


@pytest.mark.parametrize("path", [V1, V2])
@FAST
@given(body=VALUES)
def test_any_json_is_answered(server: Live, path: str, body: Any) -> None:
    settled(server, path, body)


@pytest.mark.parametrize(("path", "key"), [(V1, "instances"), (V2, "inputs"), (V2, "outputs")])
@FAST
@given(value=VALUES)
def test_any_value_of_a_known_key_is_answered(
    server: Live, bundle: SmallBundle, path: str, key: str, value: Any
) -> None:
    good = {"inputs": tensors(bundle.rows[:1])} if path == V2 else {}
    settled(server, path, good | {key: value})


@FAST
@given(data=st.data())
def test_any_cell_of_a_row_is_answered(server: Live, bundle: SmallBundle, data: st.DataObject) -> None:
    column = data.draw(st.sampled_from([*bundle.contract.features, "age", "colour"]))
    settled(server, V1, {"instances": [bundle.rows[0] | {column: data.draw(VALUES)}]})


@FAST
@given(data=st.data())
def test_any_field_of_a_tensor_is_answered(server: Live, bundle: SmallBundle, data: st.DataObject) -> None:
    inputs = tensors(bundle.rows[:1])
    field = data.draw(st.sampled_from(["name", "shape", "datatype", "data", "parameters"]))
    value = data.draw(st.lists(VALUES, min_size=1, max_size=1) if field == "data" else VALUES)
    inputs[data.draw(st.integers(0, len(inputs) - 1))][field] = value
    settled(server, V2, {"inputs": inputs})


@FAST
@given(body=st.binary(max_size=200))
def test_any_bytes_are_refused(server: Live, body: bytes) -> None:
    refused(server, server.post(V1, body))
