"""When features are known: what the contract says of it, and whether the days in the rows agree."""

from tollgate.evaluation.leakage_facts import Late, LeakageFacts
from tollgate.gates.finding import Finding, lacking, undecided

NAME = "leakage"


def known_in_time(facts: LeakageFacts) -> list[Finding]:
    """One finding for each feature that is not surely known before the decision, and one where all are.

    Args:
        facts: What the contract says of each feature, and how the days in the rows go with that.
    """
    found = [
        finding
        for name, known in facts.known.items()
        if (finding := _of_word(name, known, facts.late.get(name))) is not None
    ]
    if found:
        return found
    said = "every feature is known before the decision, by what the contract says"
    said += " and the days in the rows" if facts.late else ""
    return [Finding(gate=NAME, subject="known", status="PASS", message=said)]


def _of_word(name: str, known: str, late: Late | None) -> Finding | None:
    if known == "after":
        return _failed(name, f"{name} is known only after the decision (`known: after`): leave it out")
    if known == "unconfirmed":
        return undecided(
            NAME, name, f"nobody has confirmed that {name} is known before the decision (`known`)"
        )
    if late is None:
        return lacking(
            NAME, name, f"{name} is known on the day {known}, which was not compared with the decision"
        )
    if late.late:
        said = f"{name} was known only after the decision in {late.late:,} of {late.rows:,} rows, by {known}"
        return _failed(name, said)
    if late.undated:
        said = f"in {late.undated:,} of {late.rows:,} rows nothing says whether {name} was known before the decision"
        return undecided(NAME, name, said)
    return None


def _failed(name: str, said: str) -> Finding:
    return Finding(gate=NAME, subject=name, status="FAIL", message=said, waivable=False)
