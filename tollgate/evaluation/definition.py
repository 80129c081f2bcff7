"""What the event is that the model predicts."""

from tollgate.evaluation.exam import Exam
from tollgate.section import Section


class Definition(Section):
    """The event, also known as the default definition.

    Attributes:
        target: The column that says whether it happened.
        positive: The value that says so.
        known: When the label of a row is known, in words.
        as_of: Only labels known on this day, ISO, were used; empty where nobody said.
        covers: Which rows have a label, in words.
    """

    target: str
    positive: str
    known: str
    as_of: str
    covers: str


def definition(exam: Exam) -> Definition:
    """The event as the contract defines it and as the data section says that it becomes known."""
    contract, population = exam.challenger.contract, exam.facts.get("population", {})
    return Definition(
        target=contract.target,
        positive=str(contract.columns[contract.target].positive),
        known=str(population.get("label_known", "nobody said when")),
        as_of=str(population.get("as_of", "")),
        covers=str(population.get("states", "all rows")),
    )
