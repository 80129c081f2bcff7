"""What is next to nothing is shown as 0, wherever a message or page shows a number in few digits."""

import pytest

from tests.tollgate.gates.evidence import data, evidence, figure
from tollgate.gates.champion import ChampionGate
from tollgate.gates.data import DataGate
from tollgate.gates.metric import MetricGate
from tollgate.gates.option import written
from tollgate.gates.parity import ParityGate
from tollgate.report.words import number
from tollgate.short import short

TINY = 5e-324


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (TINY, "0"),
        (-TINY, "0"),
        (2.2e-308, "0"),
        (1e-300, "1e-300"),
        (-1e-17, "-1e-17"),
        (0.123456789, "0.123457"),
        (12, "12"),
    ],
)
def test_a_number_has_the_digits_that_matter(value: float, said: str) -> None:
    assert short(value) == said


def test_messages_and_pages_show_no_number_that_is_next_to_nothing() -> None:
    found = evidence(parity=TINY, training={})
    facts = data(found.holdout, repeated=figure(TINY, -TINY, 0.004))
    gates = (
        ParityGate(),
        DataGate(),
        MetricGate(name="brier", at_most=TINY),
        ChampionGate(margin=TINY),
    )
    found = found.model_copy(update={"data": facts, "metrics": {"brier": figure(0.1, 0.09, 0.11)}})
    said = [finding.message for gate in gates for finding in gate.findings(found)]
    assert len(said) == 7
    assert not [message for message in said if "e-3" in message]
    assert "differs from the trained pipeline by at most 0;" in said[0]
    assert "is 0 [0, 0.004]; at most 0.02 is allowed" in said[4]
    assert "needed is at most 0" in said[5]
    assert "it may be worse by 0;" in f"{said[6]};"
    assert (number(TINY), written(TINY)) == ("0", "0")
