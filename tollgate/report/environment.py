"""What every page on a challenger is made with: everything escaped, nothing loaded, nothing undefined."""

from typing import Any

import jinja2

from tollgate.evaluation.figure import Figure
from tollgate.report.words import marked

NOTHING = "not measured"


def page_environment() -> jinja2.Environment:
    """The environment of the templates, with the filters for figures."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("tollgate.report"), autoescape=True, undefined=jinja2.StrictUndefined
    )
    environment.filters.update(figure=_figure, percent=_percent, interval=_interval, marked=marked)
    return environment


def _figure(value: Any) -> str:
    return NOTHING if value is None else f"{value:.4f}"


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def _interval(figure: Figure | None, sign: str = "-") -> str:
    """A figure with its interval, kept on one line, or why there is none; sign "+" shows that of gains too."""
    if figure is None or figure.value is None:
        return NOTHING if figure is None else figure.reason or NOTHING
    value = f"{figure.value:{sign}.4f}"
    if figure.low is None or figure.high is None:
        return f"{value} ({figure.reason})"
    return f"{value}\u00a0[{figure.low:{sign}.4f},\u00a0{figure.high:{sign}.4f}]"
