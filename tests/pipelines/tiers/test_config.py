"""Weights: shipped, and changed by a market file."""

import pytest

from pipelines.tiers import Profile, config_from, default_config, judge


def test_a_market_file_changes_a_line():
    changed = config_from({"category_line": 0.9, "score_bias": -1})
    assert changed.category_line == 0.9
    assert changed.score_bias == -1.0
    assert changed.words_line == default_config().words_line


def test_nothing_said_is_as_shipped():
    assert config_from(None) == config_from({}) == default_config()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"categroy_line": 0.5}, "did you mean 'category_line'"),
        ({"colour": 1}, "no key 'colour'"),
        ({"category_line": "high"}, "must be a number"),
        ({"category_line": True}, "must be a number"),
        ({"category_line": 0}, "above 0"),
        ({"partner_cap": 1.5}, "at most 1"),
        ({"score_words": float("nan")}, "must be a number"),
        ({"learn_half": float("inf")}, "must be a number"),
        ({"minimum_words": -1}, "not be negative"),
        ({"learn_half": -1}, "not be negative"),
    ],
)
def test_a_wrong_change_is_explained(changes, message):
    with pytest.raises(ValueError, match=message):
        config_from(changes)


def test_a_line_moves_a_verdict():
    ours = Profile(name="A", description="Payroll and time off for small companies")
    theirs = Profile(name="B", description="Applicant tracking for recruiters")
    near = judge(ours, [theirs], config_from({"category_line": 0.2}))[0]
    far = judge(ours, [theirs], config_from({"category_line": 1.0}))[0]
    assert near.same_category > far.same_category
    assert judge(ours, [theirs], config_from({"minimum_words": 50}))[0].verdict == "insufficient"
