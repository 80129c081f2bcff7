"""The page on the figures, rendered from the raw results."""

from typing import Any

from benchmarks.serving.peers import OURS, PEERS
from benchmarks.serving.targets import Figures, targets

CONNECTIONS = (1, 8, 32)
HEAD = """# The endpoint beside its peers

`make bench-serving`: requests a second and latency on loopback, of our server and of others that serve the same
model: gradient boosting, {trees} trees, 20 features, 5 of them categories, fitted by scikit-learn. Servers over the
graph have the bundle's `model.onnx`, those over scikit-learn the pipeline that it was made from, behind an
OrdinalEncoder. Every server has one worker, an environment of its own, and its defaults but for what the table of
servers names. One thing more is set for all over scikit-learn but the first, costs them nothing and keeps them
steady: OMP_NUM_THREADS=1, for a team of threads for each tree stalls where another process wants a core. All give the
same scores to 1e-9 for the same rows, which is proved before anything is measured. wrk (ghz for gRPC) sends a hundred
requests or more in turn over connections that stay open. All servers run, one at a time is under load. Rounds:
{rounds}, interleaved, {seconds:g} s for each cell of the tables; medians.

Measured {day} on {hardware}, the load on the same machine; Python {python}.
"""


def page(found: dict[str, Any]) -> str:
    """The page.

    Args:
        found: What `Bench` has found.
    """
    figures = Figures(found)
    head = HEAD.format(**found["machine"], **found["plan"], trees=found["trees"])
    parts = [head, *_rates(figures), *_grpc(figures), _cost(figures), _reasons(figures)]
    parts += [_targets(figures), _plot(), _held(found), _peers(found), _absent(found), _wrong(found)]
    return "\n".join(part for part in parts if part)


def _rates(figures: Figures) -> list[str]:
    return [_rate_table(figures, "rest", rows) for rows in (1, 100)]


def _grpc(figures: Figures) -> list[str]:
    if not figures.peers("grpc"):
        return []
    return [_rate_table(figures, "grpc", rows) for rows in (1, 100)]


def _rate_table(figures: Figures, protocol: str, rows: int) -> str:
    title = f"{'One row' if rows == 1 else f'{rows} rows'} a request{', gRPC' if protocol == 'grpc' else ''}"
    heads = [f"{n} conn.: requests/s | p50, ms | p99, ms" for n in CONNECTIONS]
    lines = [f"## {title}\n", f"| server | {' | '.join(heads)} | ours to it, 8 conn. |"]
    lines.append("|" + " --- |" * 11)
    ours = figures.rate(OURS, protocol, rows, 8)
    for name in figures.peers(protocol):
        cells = []
        for connections in CONNECTIONS:
            at = (name, protocol, rows, connections)
            cells.append(f"{_number(figures.rate(*at))} | {figures.p50(*at):.2f} | {figures.p99(*at):.2f}")
        theirs = figures.rate(name, protocol, rows, 8)
        ratio = f"{ours / theirs:.2f}" if theirs and ours and name != OURS else ""
        lines.append(f"| {name} | {' | '.join(cells)} | {ratio} |")
    return "\n".join(lines) + "\n"


def _cost(figures: Figures) -> str:
    lines = ["## Start and memory\n", "From the start of the process to the first 200 of its readiness, "]
    lines[-1] += (
        "with its files in the system's cache; resident memory after all the load, of all its processes.\n"
    )
    lines += ["| server | ready, s | resident, MB |", "| --- | --- | --- |"]
    for name in figures.peers("rest"):
        lines.append(f"| {name} | {figures.ready(name):.2f} | {figures.memory(name):.0f} |")
    return "\n".join(lines) + "\n"


def _reasons(figures: Figures) -> str:
    if not figures.rate("logistic reasons", "rest", 1, 8):
        return ""
    lines = ["## Reasons\n", "One row, 8 connections, Shapley values beside the probability.\n"]
    lines += [
        "| model | plain, requests/s | with reasons | ratio | p99, ms |",
        "| --- | --- | --- | --- | --- |",
    ]
    for kind in ("logistic", "trees"):
        plain, with_ = (figures.rate(f"{kind} {what}", "rest", 1, 8) for what in ("plain", "reasons"))
        p99 = figures.p99(f"{kind} reasons", "rest", 1, 8)
        lines.append(f"| {kind} | {_number(plain)} | {_number(with_)} | {with_ / plain:.2f} | {p99:.2f} |")
    return "\n".join(lines) + "\n"


def _targets(figures: Figures) -> str:
    lines = ["## The targets\n", "| what | target | found | |", "| --- | --- | --- | --- |"]
    for what, limit, value, met in targets(figures):
        said = {True: "met", False: "missed", None: "not measured"}[met]
        lines.append(f"| {what} | {limit} | {value} | {said} |")
    return "\n".join(lines) + "\n"


def _plot() -> str:
    return "![requests a second by server](serving.svg)\n"


def _held(found: dict[str, Any]) -> str:
    if not found.get("hold"):
        return ""
    lines = [
        "## Under abuse and in restarts\n",
        "`python -m benchmarks.serving.hold`: 200 senders of one byte a second,",
    ]
    lines[-1] += " a flood of 100 MB bodies, two servers behind a balancer that are restarted in turn.\n"
    lines += ["| what | found | |", "| --- | --- | --- |"]
    lines += [
        f"| {what} | {said} | {'holds' if holds else 'broken'} |" for what, said, holds in found["hold"]
    ]
    return "\n".join(lines) + "\n"


def _peers(found: dict[str, Any]) -> str:
    lines = ["## The servers\n", "| server | what it is | requests | versions |", "| --- | --- | --- | --- |"]
    for name, versions in found["versions"].items():
        peer = PEERS[name]
        shown = ", ".join(f"{package} {version}" for package, version in versions.items())
        lines.append(f"| {name} | {peer.note} | {peer.form.shown} | {shown} |")
    return "\n".join(lines) + "\n"


def _absent(found: dict[str, Any]) -> str:
    if not found["absent"]:
        return ""
    lines = ["## Not measured\n"]
    lines += [f"- {name}: {' '.join(why.split())[:300]}" for name, why in found["absent"].items()]
    return "\n".join(lines) + "\n"


def _wrong(found: dict[str, Any]) -> str:
    wrong = [run for run in found["runs"] if run["others"] or run["broken"]]
    if not wrong:
        return "Every answer of every run was 200, and no connection broke.\n"
    lines = ["Answers that were not 200, and connections that broke or timed out:\n"]
    lines += ["| server | rows | connections | other answers | broken |", "| --- | --- | --- | --- | --- |"]
    for run in wrong:
        cells = [str(run[key]) for key in ("rows", "connections", "others", "broken")]
        lines.append(f"| {run['peer']} ({run['protocol']}) | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _number(rate: float) -> str:
    return f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"
