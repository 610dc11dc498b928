"""What a run's exit code says; stages are tried by the real command in tests/end_to_end."""

import pytest

from analysis.crawling import CrawlResult
from crawlers.state import SourceReport


def result(*outcomes: tuple[str, str], complete: bool = True, broken: bool = False) -> CrawlResult:
    reports = tuple(
        ("discover", SourceReport(source=str(n), name=str(n), outcome=outcome, origin=origin))
        for n, (outcome, origin) in enumerate(outcomes)
    )
    return CrawlResult(reports=reports, broken=broken, complete=complete)


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (result(("read", "file"), ("failed", "candidate")), 0),
        (result(("read", "file"), ("blocked", "catalogue"), ("empty", "catalogue")), 0),
        (result(("read", "file"), ("failed", "file")), 5),
        (result(("failed", "file"), ("read", "candidate")), 5),
        (result(("read", "catalogue"), ("failed", "catalogue")), 0),
        (result(("failed", "catalogue"), ("blocked", "catalogue")), 6),
        (result(("robots", "file"), ("read", "file")), 0),
        (result(("read", "candidate"), complete=False), 5),
        (result(("read", "file"), broken=True), 1),
        (result(), 6),
    ],
)
def test_exit_codes(found: CrawlResult, code: int) -> None:
    assert found.exit_code == code
