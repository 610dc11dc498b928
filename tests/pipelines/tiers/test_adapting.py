"""Lines learnt from decisions: strong prior, leave-one-out, never worse than the shipped ones."""

import random

import pytest

from crawlers.words import FLAGS
from pipelines.tiers import FlagEvidence, TierVerdict, decide
from pipelines.tiers.adapting import (
    LEAST_DECISIONS,
    SHIPPED,
    Decided,
    adapt,
    moved,
    with_lines,
)


def flags(product=0.1, audience=0.1, category=0.1, substitute=0.0, extension=0.0):
    return dict(
        zip(FLAGS, (product, audience, max(category, product), substitute, extension), strict=True)
    )


def row(tier, *, complement=False, **values):
    return Decided(flags=flags(**values), complement=complement, tier=tier)


def agreeing(count):
    """Decisions that the shipped lines get right."""
    kinds = [
        row(1, product=0.9), row(2, category=0.8), row(3, audience=0.9), row(None),
        row(2, substitute=0.8),
    ]  # fmt: skip
    return [kinds[at % len(kinds)] for at in range(count)]


def test_too_few_decisions_teach_nothing():
    found = adapt([row(2, audience=0.55)] * (LEAST_DECISIONS - 1))
    assert (found.lines, found.right_after, found.adapted) == (SHIPPED, None, False)
    assert found.decisions == LEAST_DECISIONS - 1 and found.right_before == 0


def test_where_all_agree_nothing_moves():
    found = adapt(agreeing(15))
    assert (found.right_before, found.right_after) == (15, 15)
    assert found.lines == SHIPPED and not found.adapted


def test_a_market_where_half_shared_trades_are_substitutes():
    """Trades just below the shipped line, which the researcher calls substitutes each time."""
    below = [row(2, category=0.42 + at / 100) for at in range(6)]
    found = adapt(agreeing(8) + below)
    assert found.adapted and found.right_before == 8
    assert found.right_after is not None and found.right_after > 8
    assert set(found.moved) == {"same_category"} and found.moved["same_category"] < 0.5
    assert found.lines == adapt(list(reversed(agreeing(8) + below))).lines


def test_a_market_where_a_shared_audience_says_nothing():
    found = adapt(agreeing(5)[:2] + [row(None, audience=0.5 + at / 100) for at in range(10)])
    assert found.adapted and found.moved["same_audience"] > 0.59
    assert found.right_after == 12


def test_one_odd_decision_among_many_moves_nothing():
    found = adapt([*agreeing(14), row(1, audience=0.45)])
    assert found.lines == SHIPPED and found.right_before == 14


@pytest.mark.parametrize("seed", range(12))
def test_decisions_by_the_dice_never_make_it_worse(seed):
    dice = random.Random(seed)
    decided = [
        Decided(
            flags=flags(*(round(dice.random(), 3) for _ in FLAGS)),
            complement=dice.random() < 0.2,
            tier=dice.choice([1, 2, 3, None]),
        )
        for _ in range(dice.randint(10, 40))
    ]
    found = adapt(decided)
    if found.adapted:
        assert found.right_after > found.right_before
    else:
        assert found.lines == SHIPPED


def test_a_partner_stays_one_whatever_the_lines():
    partners = [row(None, complement=True, category=0.49, audience=0.4) for _ in range(6)]
    rivals = [row(2, category=0.45) for _ in range(8)]
    found = adapt(partners + rivals)
    assert found.adapted and found.right_after == 14


def test_a_flag_that_is_far_over_its_line_takes_more_decisions_to_switch_off():
    sure = [row(None, audience=0.88) for _ in range(3)]
    assert adapt(agreeing(8)[:2] * 5 + sure).lines == SHIPPED
    assert adapt(agreeing(8)[:2] * 5 + sure * 4).moved == {"same_audience": 0.9}


@pytest.mark.parametrize("line", [0.3, 0.45, 0.65, 0.95])
def test_moved_values_keep_their_order_and_cross_where_the_line_is(line):
    values = [at / 100 for at in range(101)]
    after = [moved(value, line) for value in values]
    assert after == sorted(after) and (after[0], after[-1]) == (0, 1)
    assert all((round(now, 3) >= 0.5) == (was >= line) for was, now in zip(values, after))


def verdict(*, rows=2, complement=False, kind="decided", **values):
    found = flags(**values)
    evidence = tuple(
        FlagEvidence(flag="same_category", quote=f"till software {at}", weight=0.4, rule="trade:x")
        for at in range(rows)
    )
    tier = decide(**{flag: value >= 0.5 for flag, value in found.items()})
    return TierVerdict(
        name="A", tier=tier if kind == "decided" else None, verdict=kind if tier else "unrelated",
        score=0.3, **found, complement=complement, method="words", evidence=evidence,
        reasons=("nothing shared reaches the line",),
    )  # fmt: skip


LOWER = tuple(0.4 if flag == "same_category" else 0.5 for flag in FLAGS)


def test_a_verdict_by_the_markets_lines_says_so_in_flags_and_reasons():
    found = with_lines(verdict(category=0.42), LOWER)
    assert (found.tier, found.verdict) == (2, "decided")
    assert found.same_category >= 0.5 and found.same_audience == 0.1
    assert found.reasons != ("nothing shared reaches the line",)
    assert "till software" in found.reasons[0]


def test_no_tier_without_two_quotes_under_it():
    before = verdict(category=0.42, rows=1)
    assert with_lines(before, LOWER) == before


def test_partners_and_the_unseen_keep_their_verdict():
    partner = verdict(category=0.49, complement=True)
    assert with_lines(partner, LOWER).tier is None
    unseen = TierVerdict(**{
        **{name: getattr(partner, name) for name in TierVerdict.__slots__},
        "verdict": "insufficient", "complement": False,
    })  # fmt: skip
    assert with_lines(unseen, LOWER) == unseen


def test_a_thousand_decisions_are_learnt_in_a_moment():
    import time

    dice = random.Random(7)
    decided = [
        Decided(flags=flags(*(round(dice.random(), 3) for _ in FLAGS)), complement=False,
                tier=dice.choice([1, 2, None]))
        for _ in range(300)
    ]  # fmt: skip
    start = time.perf_counter()
    adapt(decided)
    assert time.perf_counter() - start < 20
