"""Where snapshots, bundles, releases and runs are kept."""
