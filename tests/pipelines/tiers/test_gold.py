"""The written profiles (tests/gold/tiers): accuracy with a floor that only a person lowers.

Profiles in three languages over six trades, by a writer who had not seen the rules; the pairs were
labelled by the writer and by a second reader. Measured: ``python -m bench tiers --gold``.
"""

import pytest

from bench.tier_gold import judged_pairs, share, words_only

FLOOR = 0.93
FLOOR_ACROSS_LANGUAGES = 0.93
LEAST_OF_A_CLASS = 0.80


@pytest.fixture(scope="module")
def pairs():
    return [pair for pair in judged_pairs(words_only()) if pair.agreed]


def test_the_set_is_what_it_says(pairs):
    assert len(pairs) >= 200
    assert len({pair.focal for pair in pairs} | {pair.other for pair in pairs}) >= 60
    assert sum(pair.crosses for pair in pairs) >= 100


def test_tiers_come_out_as_both_readers_said(pairs):
    assert share(pairs) >= FLOOR


def test_tiers_hold_across_languages(pairs):
    assert share([pair for pair in pairs if pair.crosses]) >= FLOOR_ACROSS_LANGUAGES


@pytest.mark.parametrize("label", [1, 2, 3, "complement", "none"])
def test_no_class_is_given_up(pairs, label):
    assert share([pair for pair in pairs if pair.label == label]) >= LEAST_OF_A_CLASS


def test_every_tier_given_is_proved_twice(pairs):
    for pair in pairs:
        if pair.verdict.tier:
            quotes = {row.quote for row in pair.verdict.evidence}
            assert len(quotes) >= 2, (pair.focal, pair.other)


def test_the_nearer_scores_higher(pairs):
    def middle(label):
        scores = sorted(pair.verdict.score for pair in pairs if pair.label == label)
        return scores[len(scores) // 2]

    assert middle(1) > middle(2) > middle("none")
    assert middle(1) > middle(3) > middle("none")
