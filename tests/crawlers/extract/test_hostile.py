"""Hostile pages give fewer facts, never an error."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.document import Document
from crawlers.extract import read_page
from crawlers.extract.prices.reading import Hints, find_prices
from crawlers.words import PAGE_KINDS


def read(body, url="https://a.example/p"):
    return read_page(Document(url, body, headers={"content-type": "text/html"}))


LD = '<script type="application/ld+json">%s</script>'


@pytest.mark.parametrize(
    "data",
    [
        '{"@type":["Product",7,null],"name":{"@value":["x"]},"offers":"no","brand":[[]]}',
        '{"@type":"Product","offers":[{"price":{"a":1}},{"price":[1,2]},null,3]}',
        '{"@type":"Product","name":5,"offers":{"price":1e999,"priceCurrency":["USD"]}}',
        '{"@type":"Product","offers":{"lowPrice":"x","highPrice":-1,"offers":{"offers":{}}}}',
        '{"@type":"Organization","name":["a",{}],"address":"x","sameAs":"y","areaServed":{"a":1}}',
        '{"@type":"Organization","foundingDate":2001,"numberOfEmployees":[{"value":{}}]}',
        '{"@type":{"a":1},"@graph":[[[{"@type":"Product","sku":{"value":[]}}]]]}',
        '{"@type":"Product","aggregateRating":[{"ratingValue":"NaN","reviewCount":"1e9"}]}',
        '{"@type":"Product","name":"%s"}' % ("x" * 100_000),
        '{"@type":"Product","offers":{"price":"%s"}}' % ("9" * 10_000),
        "[" * 2_000,
        '{"@type":"Product","isRelatedTo":' * 400 + "{}" + "}" * 400,
    ],
)
def test_odd_structured_data(data):
    page = read((LD % data + "<h1>x</h1><p>$5</p>").encode())
    assert page.kind in PAGE_KINDS


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00\xff\xfe<html>",
        b"<html><body>" + b"<div>" * 3_000 + b"deep",
        b"<html>" + b"<a href='http://['>x</a>" * 50,
        b"<html><a href='//'>x</a><a href='http://a:99999/'>y</a><a>z</a><img><script src=''>",
        b"<html><p>" + b"$9 " * 20_000,
        b"<html><p>" + b"1.290.000 " * 20_000,
        b"<html><p>" + "适合".encode() * 20_000,
        b"<html><p>" + b"for small " * 20_000,
        b"<html><title>" + b"| - " * 20_000 + b"</title>",
        b"<html><p class='" + b"price " * 10_000 + b"'>$5</p>",
        b"<html><p>" + b"@a." * 30_000,
        b"<html><p>" + b"0123 " * 30_000,
        b"<html><frameset><frame></frameset>",
        b"<html><base href='http://['><a href='x'>y</a>",
    ],
)
def test_odd_pages_end_soon(body):
    start = time.process_time()
    assert read(body).kind in PAGE_KINDS
    assert time.process_time() - start < 4


@pytest.mark.parametrize(
    "url", ["", "file:///x/y.html", "http://[", "https://a.example/" + "x/" * 900]
)
def test_odd_addresses(url):
    assert read(b"<html><h1>Kettle</h1><a href='/x'>y</a><p>$5</p>", url).kind in PAGE_KINDS


def test_not_html():
    page = read_page(Document("https://a.example/x", b"%PDF-1.7 ..."))
    assert (page.kind, page.text, page.offers) == ("other", "", ())


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="0123456789.,$€¥₫đktr万元起/ -–~%mo月", max_size=60))
def test_any_price_like_text(text):
    for hints in (Hints(), Hints(lang="vi", country="vn"), Hints(lang="zh")):
        for price in find_prices(text, hints):
            assert price.amount is not None
            assert price.highest is None or price.highest > price.amount
            assert "E" not in f"{price.amount}{price.highest}"


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes(body):
    assert read(b"<html><body>" + body).kind in PAGE_KINDS
