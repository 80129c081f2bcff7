"""The parts of the evidence as they are written; what measures them stands beside, and needs more to run."""
