"""The report: one self-contained HTML page on what was tried, what was found, and what was decided."""

from tollgate.report.page import render
from tollgate.report.unread import render_measured, render_unread

__all__ = ["render", "render_measured", "render_unread"]
