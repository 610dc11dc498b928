"""A report as one HTML file: no script, no outside request, its own content security policy."""

import base64
import hashlib

from markupsafe import Markup

from analysis.reports.document import Report
from analysis.reports.wording import HERE, environment


def as_html(report: Report) -> str:
    """The whole file. The policy lets in the one stylesheet, by its hash, and ``data:`` images."""
    style = (HERE / "templates" / "report.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    template = environment().get_template("report.html")
    return template.render(
        report=report,
        style=Markup(style),  # noqa: S704 - a file of ours
        style_hash=f"sha256-{digest}",
    ).lstrip()
