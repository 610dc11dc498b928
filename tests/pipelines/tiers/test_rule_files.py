"""The rule files hold together: ids, languages, and terms that find their own kind."""

import pytest

from pipelines.tiers.lexicon import load_lexicon, rule_file
from pipelines.tiers.taxonomy import load_taxonomy
from pipelines.tiers.terms import listed, tokens

TAXONOMY = load_taxonomy()


def test_the_taxonomy_is_wide():
    assert len(TAXONOMY.kinds) >= 150
    assert len({kind.trade for kind in TAXONOMY.kinds.values()}) >= 40


@pytest.mark.parametrize(
    ("phrase", "kind"),
    [
        ("online store builder", "shop_builder"),
        ("開網店", "shop_builder"),
        ("tạo website bán hàng", "shop_builder"),
        ("tao website ban hang", "shop_builder"),
        ("khám bệnh từ xa", "telemedicine"),
        ("远程医疗", "telemedicine"),
        ("遠程醫療", "telemedicine"),
        ("Khóa học trực tuyến", "online_course"),
        ("cổng thanh toán", "payment_gateway"),
        ("CafeOrCoffeeShop", "restaurant"),
        ("笔记软件", "note_taking"),
        ("phân bón", "farm_tech"),
    ],
)
def test_a_phrase_in_three_languages_names_its_kind(phrase, kind):
    words = [token.word for token in tokens(phrase)]
    (hit,) = TAXONOMY.phrases.find(words)
    assert kind in [concept.id for concept in hit.labels]


def test_relations_hold_in_both_orders():
    for pairs in (TAXONOMY.substitutes, TAXONOMY.complements):
        assert pairs
        assert all((two, one) in pairs for one, two in pairs)
        assert all(one != two for one, two in pairs)


def test_every_segment_trade_and_kind_has_a_name_in_three_languages():
    lexicon = load_lexicon()
    segments = rule_file("audiences.toml")["segment"]
    for name in [*segments, *TAXONOMY.fields, *TAXONOMY.kinds]:
        assert set(lexicon.names[name]) == {"en", "zh", "vi"}, name
    assert set(lexicon.within.values()) <= set(segments)


def test_terms_of_a_segment_speak_three_languages():
    for name, row in rule_file("audiences.toml")["segment"].items():
        alone, in_context = listed(row.get("terms", "")), listed(row.get("in_context", ""))
        terms = alone + in_context
        assert any(not term.isascii() for term in terms), name
        assert len(terms) == len(set(terms)), name
        assert set(row) <= {"within", "broad", "name", "terms", "in_context"}, name
