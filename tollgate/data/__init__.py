"""Raw rows to a snapshot, and a snapshot to its four parts."""
