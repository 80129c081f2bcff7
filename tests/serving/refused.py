"""What every refusal looks like."""

from typing import Any

from tests.serving.live import Answer, Live


def refused(server: Live, answer: Answer, status: int = 400) -> dict[str, Any]:
    """The body of a refusal, whose shape was checked."""
    assert answer.status == status, answer.content[:500]
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-tollgate-bundle"] == server.digest
    body: dict[str, Any] = answer.json
    assert set(body) == {"error", "details", "total"}
    assert isinstance(body["error"], str)
    assert body["error"]
    assert len(body["details"]) == min(body["total"], 100)
    for detail in body["details"]:
        assert set(detail) == {"row", "column", "rule", "value", "message"}
        assert len(detail["value"]) <= 64
        assert detail["column"] is None or len(detail["column"]) <= 64
    return body
