"""Evidence of calibration that passes, to be changed."""

from typing import Any

from tests.tollgate.gates.figures import figure
from tollgate.evaluation.calibration_section import Bin, ByBins, Calibration, CalibrationError

BIN = Bin(rows=100, expected=0.1, observed=figure(0.11, 0.06, 0.18))
BY_BINS: dict[str, Any] = {
    "bins": (BIN, BIN),
    "log_odds_error": figure(0.1, 0.0, 0.3),
    "statistic": 3.0,
    "degrees": 2,
    "p_value": 0.22,
    "largest": 1.4,
    "design_effect": 1.0,
}
GOOD: dict[str, Any] = {
    "observed_to_expected": figure(1.05, 0.95, 1.16),
    "slope": figure(0.95, 0.8, 1.1),
    "intercept": figure(0.0, -0.1, 0.1),
    "by_bins": ByBins(**BY_BINS),
    "expected_error": CalibrationError(
        error=figure(0.01, 0.0, 0.03), by_chance=0.008, seldom=0.02, simulations=1000
    ),
}
CALIBRATION = Calibration(**GOOD)
