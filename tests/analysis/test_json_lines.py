import io
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from analysis.json_lines import judge_through, text_of, work_through

SCHEMA = Path(__file__).parents[2] / "docs/schemas/error.schema.json"
ERROR = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def worked(path, lines, work):
    path.write_text("\n".join(lines), encoding="utf-8")
    out = io.StringIO()
    code = work_through(str(path), work, out=out)
    return code, [json.loads(line) for line in out.getvalue().splitlines()]


def judged(path, lines, work):
    path.write_text("\n".join(lines), encoding="utf-8")
    out = io.StringIO()
    code = judge_through(str(path), work, lambda given: given, out=out)
    return code, [json.loads(line) for line in out.getvalue().splitlines()]


def texts_only(line):
    return {**line, "text": text_of(line, "text")}


@pytest.mark.parametrize("run", [worked, judged])
@pytest.mark.parametrize(
    ("bad", "kept", "fault"),
    [
        ('{"text": "x", "n": 1e999}', {}, "1e999 is too large"),
        ('{"text": "x", "n": NaN}', {}, "NaN is no JSON"),
        ('{"text": 5, "id": 7}', {"text": 5, "id": 7}, 'needs a "text"'),
        ('{"text": "x", "n": ' + "[" * 5000 + "]" * 5000 + "}", {}, "recursion"),
    ],
)
def test_one_line_never_takes_the_others_with_it(tmp_path, run, bad, kept, fault):
    code, lines = run(tmp_path / "in.jsonl", ['{"text": "a"}', bad, '{"text": "b"}'], texts_only)
    assert code == 5
    assert [line.get("text") for line in lines[::2]] == ["a", "b"]
    assert ERROR.is_valid(lines[1])
    assert fault in lines[1].pop("error")
    assert lines[1] == {**kept, "version": 1, "line": 2}


@pytest.mark.parametrize("run", [worked, judged])
def test_a_result_that_json_cannot_hold_is_an_error_of_its_line(tmp_path, run):
    def work(line):
        return {"score": float("inf") if line["text"] == "b" else 1.0}

    given = ['{"text": "a"}', '{"text": "b"}', '{"text": "c"}']
    code, lines = run(tmp_path / "in.jsonl", given, work)
    assert code == 5
    assert [line.get("score") for line in lines] == [1.0, None, 1.0]
    assert ERROR.is_valid(lines[1]) and (lines[1]["text"], lines[1]["line"]) == ("b", 2)
