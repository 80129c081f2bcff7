"""Measuring a challenger on the holdout."""
