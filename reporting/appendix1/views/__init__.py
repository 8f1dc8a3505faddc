"""The pages of the report: to look at, publish, take away, and to open the cases behind a figure."""

from reporting.appendix1.views.figure import figure
from reporting.appendix1.views.report import download, publish, report

__all__ = ["download", "figure", "publish", "report"]
