import pytest

from crawlers.urls import (
    canonical_url,
    host_of,
    is_web_url,
    registrable_domain,
    same_site,
    site_key,
)


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTP://Example.com", "http://example.com/"),
        ("http://a.com/t?b=2&a=1#p3", "http://a.com/t?a=1&b=2"),
        ("http://a.com/viewtopic.php?t=3&sid=0123456789abcdef", "http://a.com/viewtopic.php?t=3"),
        ("http://a.com/?utm_source=x&gclid=1&q=ca+phe", "http://a.com/?q=ca+phe"),
        ("http://a.com/?s=chair", "http://a.com/?s=chair"),
        ("http://a.com/?s=0123456789abcdef0123456789abcdef&p=1", "http://a.com/?p=1"),
        ("http://a.com/giá", "http://a.com/gi%C3%A1"),
        ("http://a.com/t;jsessionid=8A7F00B?p=1", "http://a.com/t?p=1"),
        ("http://a.com/(S(lit3py55t21z5v55vlm25s55))/t", "http://a.com/t"),
        ("http://a.com/t?CFID=8123456&CFTOKEN=9f8e7d6c5b&p=1", "http://a.com/t?p=1"),
        ("http://a.com/talks?session=12", "http://a.com/talks?session=12"),
        ("http://a.com/index.php?threads/x.1/page-2", "http://a.com/index.php?threads/x.1/page-2"),
        ("http://a.com/index.php?/topic/12-giá/#c3", "http://a.com/index.php?/topic/12-gi%C3%A1/"),
        ("http://a.com/showthread.php?8-Title&p=3", "http://a.com/showthread.php?8-Title&p=3"),
        ("http://a.com/?tid-3.html&page=2", "http://a.com/?tid-3.html&page=2"),
    ],
)
def test_canonical(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical
    assert canonical_url(canonical) == canonical


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.shop.example.co.uk/a", "example.co.uk"),
        ("https://a.myshopify.com/", "a.myshopify.com"),
        ("http://quan.localhost:8000/x", "quan.localhost"),
        ("https://shopee.vn/Tiem-Nen/items", "shopee.vn/tiem-nen"),
        ("http://127.0.0.1:8000/", "127.0.0.1"),
        ("https://example.com.vn", "example.com.vn"),
    ],
)
def test_site_key(url: str, key: str) -> None:
    assert site_key(url) == key


def test_hosts() -> None:
    assert host_of("http://[") == ""
    assert registrable_domain("a.b.localhost") == "b.localhost"
    assert same_site("https://blog.example.com/x", "http://example.com")
    assert not same_site("https://a.myshopify.com", "https://b.myshopify.com")
    assert not is_web_url("ftp://a.com/") and not is_web_url("http:///x")
