"""The gates: rules that read evidence and give findings."""
