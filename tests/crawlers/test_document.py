import time

from crawlers.document import Document

CHINESE = "<html><head><title>价格</title></head><body><p>我们的产品价格是多少</p></body></html>"


def read(body: bytes, **headers: str) -> Document:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Document("http://a.localhost/x/", body, headers=named)


def test_gbk_that_says_nothing() -> None:
    assert "我们的产品价格是多少" in read(CHINESE.encode("gbk")).text


def test_gbk_that_says_utf8() -> None:
    document = read(CHINESE.encode("gbk"), Content_Type="text/html; charset=utf-8")
    assert "价格" in document.text


def test_declared_encoding_counts_where_it_fits() -> None:
    page = '<meta charset="big5"><p>價格與規格說明</p>'
    assert "價格與規格說明" in read(page.encode("big5")).text


def test_windows_1252_is_kept_readable() -> None:
    assert "Café" in read("<p>Café au lait, crème</p>".encode("cp1252")).text


def test_invalid_utf8_is_not_the_end() -> None:
    document = read(b"<p>good \xff\xfe\xfa text</p>", Content_Type="text/html; charset=utf-8")
    assert "good" in document.text and document.tree.css_first("p") is not None


def test_byte_order_mark_is_dropped_and_nuls_too() -> None:
    assert read("\ufeff<p>a\0b</p>".encode()).text == "<p>ab</p>"


def test_kinds_of_bodies() -> None:
    assert read(b"%PDF-1.7 ...", Content_Type="text/html").is_html is False
    assert read(b'{"a": 1}').is_json
    assert read(b'<?xml version="1.0"?><rss version="2.0">').is_feed
    assert read(b"<!doctype html><p>x").is_html
    assert read(b"plain words", Content_Type="text/plain").is_html is False
    assert read(b"\x89PNG\r\n", Content_Type="image/png").is_html is False


def test_links_that_cannot_be_parsed_are_none() -> None:
    document = read(b'<base href="/shop/"><a href="x">')
    assert document.join("item?a=1") == "http://a.localhost/shop/item?a=1"
    for link in ("http://[", "javascript:alert(1)", "mailto:a@b.c", "//[::bad"):
        assert document.join(link) is None


def test_json_ld_opens_graphs_and_mends_what_a_rule_can_mend() -> None:
    page = b"""
    <script type="application/ld+json">{"@graph": [{"@type": "Product", "name": "A"}]}</script>
    <script type="application/LD+JSON">[{"@type": "Offer", "name": "two
    lines",},]</script>
    <script type="application/ld+json">{"@type": broken</script>
    <script type="application/ld+json">42</script>
    """
    assert [row["name"].split() for row in read(page).json_ld] == [["A"], ["two", "lines"]]


def test_deep_nesting_is_read_in_time() -> None:
    for tag in ("div", "span", "b", "font"):
        body = f"<p>before</p>{f'<{tag}>' * 60_000}<p>deep words</p>".encode()
        started = time.process_time()
        text = read(body).tree.body.text()
        assert time.process_time() - started < 1.5
        assert "before" in text and "deep words" in text


def test_open_tables_cost_selectors_little() -> None:
    body = f"<p>before</p>{'<table><tr><td>' * 9_000}deep words".encode()
    started = time.process_time()
    tree = read(body).tree
    assert tree.css("#rows tbody tr") == []
    assert time.process_time() - started < 1.5
    assert "before" in tree.body.text() and "deep words" in tree.body.text()


def test_capitals_and_lower_case_nest_alike() -> None:
    body = f"<DIV>{'<BR>line<HR>' * 3_000}<B>last</B></DIV>".encode()
    assert [node.text() for node in read(body).tree.css("b")] == ["last"]


def test_many_tags_side_by_side_are_all_kept() -> None:
    body = ("<ul>" + "<li><a href='/x'>word</a><br>" * 20_000 + "</ul>").encode()
    assert len(read(body).tree.css("a")) == 20_000


def test_a_document_without_an_address_has_no_links() -> None:
    assert Document("", b"<a href='x'>").join("x") is None


def test_a_menu_of_a_hundred_thousand_choices_is_parsed_in_time():
    page = "<select>" + "<option value=1>one" * 100_000 + "</select><p>words</p>"
    started = time.perf_counter()
    tree = Document("https://a.example/", page.encode()).tree
    assert time.perf_counter() - started < 3
    assert tree.css_first("p").text() == "words"
