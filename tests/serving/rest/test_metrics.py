"""What Prometheus is told, read as Prometheus reads it."""

from collections.abc import Iterator

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.serving.live import V1, V2, Live, serving
from tests.serving.rest.test_v2 import tensors
from tests.small import SmallBundle

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


@pytest.fixture
def own(bundle: SmallBundle) -> Iterator[Live]:
    """A server that nobody else asks."""
    with serving(bundle.folder, bundle.digest) as started:
        yield started


def samples(server: Live) -> Samples:
    families = text_string_to_metric_families(server.get("/metrics").content.decode())
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


def value(found: Samples, name: str, /, **labels: str) -> float:
    return found.get((name, tuple(sorted(labels.items()))), 0.0)


def test_requests_rows_refusals_and_scores_are_counted(own: Live, bundle: SmallBundle) -> None:
    own.post(V1, {"instances": bundle.rows})
    own.post(V1, {"instances": bundle.rows[:1]})
    own.post(V2, {"inputs": tensors(bundle.rows[:3])})
    wrong = bundle.rows[0] | {"income": "a secret", "colour": 1}
    own.post(V1, {"instances": [wrong, wrong]})
    own.post("/a/secret", {})
    own.get("/v2/models/m")
    found = samples(own)
    predict, infer = "/v1/models/{model}:predict", "/v2/models/{model}/infer"

    def requests(route: str, status: str) -> float:
        return value(found, "tollgate_requests_total", protocol="rest", route=route, status=status)

    assert [requests(predict, "200"), requests(predict, "400"), requests(infer, "200")] == [2, 1, 1]
    assert [requests("other", "404"), requests("/v2/models/{model}", "200")] == [1, 1]
    assert value(found, "tollgate_rows_total") == len(bundle.rows) + 4
    assert value(found, "tollgate_refusals_total", column="income", rule="type") == 2
    assert value(found, "tollgate_refusals_total", column="", rule="unknown_column") == 2
    assert value(found, "tollgate_bundle_info", name="m", bundle=own.digest) == 1
    assert value(found, "tollgate_not_finite_total") == 0
    assert value(found, "tollgate_score_bucket", le="+Inf") == len(bundle.rows) + 4
    assert "secret" not in own.get("/metrics").content.decode()


def test_latency_is_told_from_a_fifth_of_a_millisecond_on(own: Live, bundle: SmallBundle) -> None:
    own.post(V1, {"instances": bundle.rows[:1]})
    found = samples(own)
    labels = {"protocol": "rest", "route": "/v1/models/{model}:predict"}
    assert value(found, "tollgate_request_seconds_bucket", le="0.0002", **labels) in (0, 1)
    assert value(found, "tollgate_request_seconds_bucket", le="+Inf", **labels) == 1
    assert 0 < value(found, "tollgate_request_seconds_sum", **labels) < 10


def test_scores_stand_in_the_buckets_that_they_belong_to(own: Live, bundle: SmallBundle) -> None:
    together = own.post(V1, {"instances": bundle.rows}).json["predictions"]
    for row in bundle.rows[:5]:
        own.post(V1, {"instances": [row]})
    given = [*together, *together[:5]]
    found = samples(own)
    for le in ("0.05", "0.3", "0.8", "1.0"):
        expected = sum(score <= float(le) for score in given)
        assert value(found, "tollgate_score_bucket", le=le) == expected
    assert value(found, "tollgate_score_sum") == pytest.approx(sum(given))
