"""The default channel group of Google Analytics 4, rule by rule and in its order."""

import pytest

from crawlers.words import Channel
from pipelines.channels.ga4 import campaign_of, channel_of, platform_of


@pytest.mark.parametrize(
    ("source", "medium", "campaign", "channel"),
    [
        ("(direct)", "(none)", "", "direct"),
        ("(direct)", "(not set)", None, "direct"),
        (None, None, None, "direct"),
        ("google", "cpc", "2026-cross-network-q1", "cross_network"),
        ("shopee", "cpc", "", "paid_shopping"),
        ("google", "cpc", "tet-shopping", "paid_shopping"),
        ("google", "cpc", "shop-vn", "paid_shopping"),
        ("google", "cpc", "workshop", "paid_search"),
        ("google", "cpc", "bishop", "paid_search"),
        ("google", "cpc", "eshop", "paid_shopping"),
        ("google", "cpc", "brand", "paid_search"),
        ("Baidu", "PPC", "brand", "paid_search"),
        ("coccoc", "paid", "", "paid_search"),
        ("bing.com", "paidsearch", "", "paid_search"),
        ("facebook", "paid_social", "", "paid_social"),
        ("l.facebook.com", "cpm", "", "paid_social"),
        ("zalo", "cpc", "", "paid_social"),
        ("weibo.com", "retargeting", "", "paid_social"),
        ("tiktok", "cpv", "", "paid_social"),
        ("tiktok", "cpc", "", "paid_social"),
        ("youtube", "cpc", "", "paid_video"),
        ("bilibili", "paid-video", "", "paid_video"),
        ("newsletter", "banner", "", "display"),
        ("adtima", "cpm", "", "display"),
        ("somewhere", "interstitial", "", "display"),
        ("somewhere", "cpa-cpc", "", "paid_other"),
        ("somewhere", "ppc", "", "paid_other"),
        ("lazada.vn", "link", "", "organic_shopping"),
        ("somewhere", "post", "shopping-week", "organic_shopping"),
        ("m.facebook.com", "referral", "", "organic_social"),
        ("xiaohongshu", "note", "", "organic_social"),
        ("somewhere", "social-media", "", "organic_social"),
        ("youtube.com", "referral", "", "organic_video"),
        ("somewhere", "short-video", "", "organic_video"),
        ("google", "organic", "", "organic_search"),
        ("www.google.com.vn", "", "", "organic_search"),
        ("somewhere", "organic", "", "organic_search"),
        ("newsletter", "email", "", "email"),
        ("e-mail", "", "", "email"),
        ("partner", "affiliate", "", "affiliates"),
        ("partner.example", "referral", "", "referral"),
        ("partner.example", "app", "", "referral"),
        ("spotted", "audio", "", "audio"),
        ("sms", "", "", "sms"),
        ("crm", "SMS", "", "sms"),
        ("crm", "webpush", "", "mobile_push"),
        ("crm", "mobile-app", "", "mobile_push"),
        ("crm", "notification", "", "mobile_push"),
        ("firebase", "", "", "mobile_push"),
        ("chatgpt.com", "", "", "ai_assistant"),
        ("perplexity", "referral", "", "ai_assistant"),
        ("gemini.google.com", "", "", "ai_assistant"),
        ("doubao", "", "", "ai_assistant"),
        ("chatgpt.com", "cpc", "", "paid_other"),
        ("lumo", "footer", "", "unassigned"),
    ],
)
def test_channel(
    source: str | None, medium: str | None, campaign: str | None, channel: Channel
) -> None:
    assert channel_of(source, medium, campaign) == channel


@pytest.mark.parametrize(
    ("source", "platform"),
    [
        ("fb", "facebook"),
        ("m.facebook.com", "facebook"),
        ("t.co", "x"),
        ("t.me", "telegram"),
        ("ChatGPT.com", "chatgpt"),
        ("openai", "chatgpt"),
        ("lazada.vn", "lazada"),
        ("lumo", None),
        ("", None),
    ],
)
def test_platform(source: str, platform: str | None) -> None:
    assert platform_of(source) == platform


def test_campaign_parameters() -> None:
    query = "id=1&utm_source=zalo&utm_medium=cpc&utm_campaign=t%E1%BA%BFt"
    assert campaign_of(query) == ("zalo", "cpc", "tết")
    assert campaign_of("id=1") is None
    assert campaign_of("xutm_source=1") is None
    assert campaign_of("utm_source=") is None


@pytest.mark.parametrize(
    "junk", ["\x00", "%", "a" * 100_000, "((((", "cp" * 50_000, "shop" * 9_999]
)
def test_junk_is_some_channel(junk: str) -> None:
    assert channel_of(junk, junk, junk)
