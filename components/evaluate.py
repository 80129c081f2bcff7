"""The step `evaluate`."""

from kfp.dsl import HTML, Artifact, ClassificationMetrics, Metrics, Output

from components import step


@step
def evaluate(
    bundle: str,
    training: str,
    splits: str,
    validation: str,
    population: str,
    data: dict,
    evaluate: dict,
    serving: dict,
    storage: str,
    target: str,
    evidence: Output[Artifact],
    metrics: Output[Metrics],
    roc: Output[ClassificationMetrics],
    report: Output[HTML],
) -> str:
    """Measure the challenger, and the champion on the very same rows; the sha256 of evidence.json is handed on."""
    from pathlib import Path

    from components.measured import gather_evidence
    from components.progress import telling
    from tollgate.canonical import canonical_json, sha256
    from tollgate.data.section import DataSection
    from tollgate.evaluation.evaluate import roc_curve
    from tollgate.evaluation.section import EvaluateSection
    from tollgate.report import render_measured
    from tollgate.storage.folder import open_storage

    with telling("evaluate") as facts:
        section, place = EvaluateSection.read(evaluate), open_storage(storage)
        form = DataSection.read({**data, "source": splits}).format
        found, rows = gather_evidence(
            bundle, training, splits, validation, population, section, form, serving, place, target
        )
        content = canonical_json(found.as_json())
        Path(evidence.path).write_bytes(content)
        Path(report.path).write_text(render_measured(found))
        for name, figure in found.metrics.items():
            if figure.value is not None:  # Kubeflow's metadata takes finite numbers only
                metrics.log_metric(name, figure.value)
        roc.log_roc_curve(*(list(axis) for axis in zip(*roc_curve(rows), strict=True)))
        facts.update(champion=found.champion.state, roc_auc=found.metrics["roc_auc"].value)
    return sha256(content)
