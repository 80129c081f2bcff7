"""What the event is that the model predicts."""

from tollgate.evaluation.exam import Exam
from tollgate.evaluation.written.definition import Definition


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
