"""What a company is, goes with, replaces, announces and serves are told apart."""

import pytest

from pipelines.tiers import Profile
from pipelines.tiers.reading import read_profile


def reading(text: str, name: str = "Qvx"):
    return read_profile(Profile(name=name, description=text))


def found(text: str, family: str) -> set[str]:
    return {label for kind, label in reading(text).mentions if kind == family}


@pytest.mark.parametrize(
    ("text", "family", "kind"),
    [
        ("An online store builder", "kind", "shop_builder"),
        ("Plugin for your online store", "completes", "shop_builder"),
        ("Integrates with any payment gateway", "completes", "payment_gateway"),
        ("Integrates with your payment gateway", "completes", "payment_gateway"),
        ("网店插件大全", "completes", "shop_builder"),
        ("tích hợp với cổng thanh toán", "completes", "payment_gateway"),
        ("No need for a spreadsheet ever again", "replaces", "document_editor"),
        ("告别网店，线下更好", "replaces", "shop_builder"),
        ("thay thế phần mềm kế toán cũ", "replaces", "accounting_software"),
        ("Unlike other CRMs, it is quick", "kind", "crm"),
        ("A loan app. Online store builder coming soon.", "coming", "shop_builder"),
        ("Cà phê hạt. Sắp ra mắt: tạo website bán hàng", "coming", "shop_builder"),
        ("咖啡豆。网店系统即将上线。", "coming", "shop_builder"),
        ("An online store builder, now in private beta", "kind", "shop_builder"),
        ("Practice management for dental clinics", "served", "dental_clinic"),
        ("A dental clinic", "kind", "dental_clinic"),
        ("Phần mềm quản lý nhà hàng, quán cà phê", "served", "cafe"),
    ],
)
def test_a_kind_is_put_where_it_belongs(text, family, kind):
    assert kind in found(text, family)
    for other in {"kind", "completes", "replaces", "coming", "served"} - {family}:
        if not (family == "kind" and other == "coming"):
            assert kind not in found(text, other)


def test_a_relation_ends_at_punctuation():
    assert "email_marketing" in found("Plugin for online stores: email marketing", "kind")


def test_a_dentist_is_not_for_dentists():
    assert "clinicians" not in found("Family dentist in the old town", "segment")
    assert "clinicians" in found("Charting software for dentists", "segment")


def test_a_repeated_term_adds_little():
    once = reading("coffee beans").kinds["coffee"]
    often = reading("coffee beans " * 50).kinds["coffee"]
    assert once < often <= once + 1.0


def test_the_own_name_and_filler_are_no_words():
    words = reading("Qvx is the leading platform for orchids", name="Qvx").words
    assert "orchid" in words
    assert not {"qvx", "the", "lead", "platform", "platfor"} & set(words)


def test_chinese_words_are_pairs_of_characters():
    assert {"猫粮", "粮订"} <= set(reading("猫粮订阅").words)
