"""The names of the steps, in the order of the pipeline."""

STEPS = ("ingest", "validate", "train", "evaluate", "judge", "deploy", "hold", "notify")
