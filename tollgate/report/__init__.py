"""The report: one self-contained HTML page on what was tried, what was found, and what was decided."""

from tollgate.report.page import render

__all__ = ["render"]
