"""The wiring: the training pipeline, its configuration, and the command line."""
