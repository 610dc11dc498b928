"""Manifests of ``scrapy inspect``: a bad line is told, the others go on."""

import json
from pathlib import Path

import pytest

from analysis.inputs import from_manifest


@pytest.mark.parametrize(
    "line",
    [
        "[" * 100_000,
        '{"path": "p.html", "fetched_at": "0001-01-01T00:00:00+14:00"}',
        '{"path": "p\\u0000.html"}',
        '{"path": "p.html", "timezone": "../../etc"}',
        '{"path": "p.html", "headers": {"a": 1}}',
        "9" * 5_000,
        "null",
    ],
)
def test_a_bad_line_is_told_and_the_rest_goes_on(tmp_path: Path, line: str) -> None:
    (tmp_path / "p.html").write_text("<p>words</p>")
    manifest = tmp_path / "m.jsonl"
    manifest.write_text(line + "\n" + json.dumps({"path": "p.html"}) + "\n")
    first, second = from_manifest(manifest)
    assert first.document is None and first.error
    assert second.document is not None and second.document.body == b"<p>words</p>"
