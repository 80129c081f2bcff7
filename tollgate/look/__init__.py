"""Looking at data that nobody has described yet, and writing the first workflow.yaml for it."""
