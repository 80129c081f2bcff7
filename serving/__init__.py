"""The endpoint, its manifest, and the targets where releases are published."""
