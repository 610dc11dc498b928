import gzip
import http.client
import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from urllib.parse import quote, urljoin, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser

from analysis.demo import broken
from analysis.demo.boards import load_forums
from analysis.demo.content import load_sites
from analysis.demo.sample import answer, hosts
from analysis.demo.server import SampleServer, main

PORT = 8600
SESSION = re.compile(r"[?&]sid=[0-9a-f]{32}")


@pytest.fixture(scope="module")
def sample() -> Iterator[SampleServer]:
    with SampleServer() as server:
        yield server


def get(
    sample: SampleServer, host: str, path: str, method: str = "GET", **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", sample.port, timeout=10)
    try:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers={"Host": f"{host}:{sample.port}"} | sent)
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def links(body: bytes, base: str) -> set[str]:
    tree = LexborHTMLParser(body)
    return {
        SESSION.sub("", urljoin(base, node.attributes.get("href") or "").partition("#")[0])
        for node in tree.css("a[href], link[rel=canonical], link[rel=alternate]")
    }


def walk(host: str) -> dict[str, tuple[int, bytes]]:
    """Every address of a host that its pages lead to, followed through redirects."""
    found: dict[str, tuple[int, bytes]] = {}
    waiting = [f"http://{host}:{PORT}/"]
    while waiting:
        url = waiting.pop()
        parts = urlsplit(url)
        if url in found or parts.netloc != f"{host}:{PORT}" or parts.scheme != "http":
            continue
        got = answer(host, parts.path + (f"?{parts.query}" if parts.query else ""), PORT)
        found[url] = (got.status, got.body)
        if got.status in (301, 302, 303):
            waiting.append((got.header("Location") or "").partition("#")[0])
        elif (got.header("Content-Type") or "").startswith("text/html"):
            waiting.extend(links(got.body, url))
    return found


def test_there_are_enough_hosts() -> None:
    assert len(hosts()) == len(set(hosts()))
    assert len(hosts()) >= 19
    assert all(host.endswith(".localhost") and host.count(".") == 1 for host in hosts())


@pytest.mark.parametrize("site", load_sites(), ids=lambda site: site.id)
def test_every_internal_link_of_a_site_resolves(site) -> None:
    found = walk(site.host)
    assert {url: status for url, (status, _) in found.items() if status >= 400} == {}
    assert 5 <= len(site.pages) <= 11
    pages = {f"http://{site.host}:{PORT}{page.path}" for page in site.pages}
    unlinked = pages - set(found)
    assert unlinked <= {f"http://{site.host}:{PORT}/join"}  # the closed site shows little


@pytest.mark.parametrize("forum", load_forums(), ids=lambda forum: forum.engine)
def test_every_internal_link_of_a_forum_resolves_and_no_post_is_hidden(forum) -> None:
    found = walk(forum.host)
    assert {url: status for url, (status, _) in found.items() if status >= 400} == {}
    selector = {"phpbb": "div.post[id^=p]", "xenforo": "article.message--post"}[forum.engine]
    seen = set()
    for _, body in found.values():
        for node in LexborHTMLParser(body).css(selector):
            seen.add(int((node.attributes.get("id") or "").lstrip("jspot-")))
    assert seen == set(forum.thread_of_post)


def test_pages_link_to_other_hosts_on_the_port_asked_for() -> None:
    for port in (8600, 9123):
        body = answer("parcelpeak.localhost", "/integrations", port).body.decode()
        assert f"http://hatchcart.localhost:{port}/" in body
        assert f"http://stallbox.localhost:{port}/" in body
        sitemap = answer("stallbox.localhost", "/sitemap.xml", port).body.decode()
        assert f"<loc>http://stallbox.localhost:{port}/pricing</loc>" in sitemap


def test_cross_links_between_hosts_resolve() -> None:
    known = {f"{host}:{PORT}" for host in hosts()}
    crossing = set()
    for site in load_sites():
        for url, (_, body) in walk(site.host).items():
            crossing |= {link for link in links(body, url) if urlsplit(link).netloc in known}
    for link in crossing:
        parts = urlsplit(link)
        assert answer(parts.hostname or "", parts.path or "/", PORT).status < 400, link


def test_robots_txt_stands_on_every_host() -> None:
    for host in hosts():
        got = answer(host, "/robots.txt", PORT)
        assert got.status == 200
        assert got.body.lower().startswith(b"user-agent: *")
    closed = answer("gatehouse.localhost", "/robots.txt", PORT).body.decode().splitlines()
    assert "Disallow: /" in closed


def test_hosts_are_told_apart_on_one_port(sample: SampleServer) -> None:
    _, own = get(sample, "hatchcart.localhost", "/")
    _, rival = get(sample, "QUAYXANH.localhost", "/")
    assert b"Hatchcart" in own
    assert "Quầy Xanh" in rival.decode()
    response, _ = get(sample, "nobody.localhost", "/")
    assert response.status == 404


def test_an_unknown_page_is_a_404(sample: SampleServer) -> None:
    response, body = get(sample, "stallbox.localhost", "/no-such-page")
    assert response.status == 404
    assert b"Stallbox" in body


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("stallbox.localhost", "/pricing"),
        ("hoichoban.localhost", "/viewforum.php?f=2"),
        ("shopkeepers.localhost", "/"),
        ("quayxanh.localhost", "/files/bang-gia-2026.pdf"),
    ],
)
def test_a_known_page_is_a_304_with_its_tag(sample: SampleServer, host: str, path: str) -> None:
    response, body = get(sample, host, path)
    tag = response.getheader("ETag")
    assert response.status == 200
    assert tag
    again, nothing = get(sample, host, path, If_None_Match=tag)
    assert (again.status, nothing) == (304, b"")
    assert again.getheader("ETag") == tag
    other, same = get(sample, host, path, If_None_Match='"another"')
    assert (other.status, same) == (200, body)


def test_a_page_not_modified_since_is_a_304(sample: SampleServer) -> None:
    response, _ = get(sample, "stallbox.localhost", "/about")
    modified = response.getheader("Last-Modified")
    assert modified
    assert parsedate_to_datetime(modified).year == 2026
    for since, status in [(modified, 304), ("Sat, 01 Jan 2022 00:00:00 GMT", 200), ("x", 200)]:
        again, _ = get(sample, "stallbox.localhost", "/about", If_Modified_Since=since)
        assert again.status == status


def test_packed_pages_hold_the_same_text_and_their_tag_still_works(sample: SampleServer) -> None:
    plain, body = get(sample, "hepuyun.localhost", "/")
    packed, bytes_ = get(sample, "hepuyun.localhost", "/", Accept_Encoding="gzip, br")
    assert packed.getheader("Content-Encoding") == "gzip"
    assert gzip.decompress(bytes_) == body
    tag = packed.getheader("ETag")
    assert tag == f"W/{plain.getheader('ETag')}"
    again, _ = get(sample, "hepuyun.localhost", "/", If_None_Match=tag)
    assert again.status == 304


def test_head_sends_no_body_and_keep_alive_holds(sample: SampleServer) -> None:
    response, body = get(sample, "oihong.localhost", "/", method="HEAD")
    assert (response.status, body) == (200, b"")
    assert int(response.getheader("Content-Length") or 0) > 500
    connection = http.client.HTTPConnection("127.0.0.1", sample.port, timeout=10)
    for path in ("/", "/thuc-don", "/ghe-tiem"):
        connection.request("GET", path, headers={"Host": "oihong.localhost"})
        assert connection.getresponse().read()
    connection.close()


def test_requests_are_remembered(sample: SampleServer) -> None:
    get(sample, "gatehouse.localhost", "/robots.txt", User_Agent="probe/1")
    asked = sample.asked[-1]
    assert (asked.host, asked.target, asked.status) == ("gatehouse.localhost", "/robots.txt", 200)
    assert asked.user_agent == "probe/1"


def test_redirects_lead_on(sample: SampleServer) -> None:
    response, _ = get(sample, "quayxanh.localhost", "/gia")
    assert response.status == 301
    assert response.getheader("Location") == sample.url("quayxanh.localhost", "/bang-gia")


def test_the_broken_site_breaks_in_its_ways(sample: SampleServer) -> None:
    status = {}
    for path in broken.PATHS:
        try:
            status[path] = get(sample, broken.HOST, path)[0].status
        except (ConnectionError, http.client.IncompleteRead) as error:
            status[path] = type(error).__name__
    assert status == {
        "/": 200,
        "/pricing": 500,
        "/features": 200,
        "/about": "ConnectionResetError",
        "/blog": 302,
        "/blog/": 302,
        "/contact": 403,
        "/product": "IncompleteRead",
    }
    with pytest.raises(UnicodeDecodeError):
        get(sample, broken.HOST, "/features")[1].decode()


def test_the_gbk_site_does_not_say_so(sample: SampleServer) -> None:
    response, body = get(sample, "zhangxin.localhost", "/")
    assert response.getheader("Content-Type") == "text/html"
    assert b"charset" not in body
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")
    assert "掌心账是给小店老板用的记账软件" in body.decode("gbk")


def test_there_is_a_large_page_and_a_pdf(sample: SampleServer) -> None:
    _, large = get(sample, "chophien.localhost", "/tat-ca")
    assert len(large) > 1_000_000
    response, pdf = get(sample, "quayxanh.localhost", "/files/bang-gia-2026.pdf")
    assert response.getheader("Content-Type") == "application/pdf"
    assert pdf.startswith(b"%PDF-1.4")
    assert pdf.rstrip().endswith(b"%%EOF")


@pytest.mark.parametrize(
    "target",
    [
        "/viewtopic.php?t=" + "9" * 5000,
        "/viewtopic.php?t=-1&start=x",
        "/viewtopic.php?p=%00",
        "/threads/" + quote("价" * 300) + ".1/page-0",
        "/forums/x.7/page-99999999999",
        "/threads/.4017/post-1",
        "/%ff%fe",
        "/../../etc/passwd",
        "//",
    ],
)
def test_odd_addresses_are_answered(target: str) -> None:
    for host in hosts():
        assert answer(host, target, PORT).status < 500


def test_a_renamed_thread_and_a_post_lead_to_their_page() -> None:
    forum = load_forums()[1]
    thread = max(forum.threads, key=lambda row: len(row.posts))
    moved = answer(forum.host, f"/threads/old-name.{thread.id}/", PORT)
    assert moved.status == 301
    last = answer(forum.host, f"/threads/x.{thread.id}/post-{thread.last.id}", PORT)
    location = last.header("Location") or ""
    assert last.status == 303
    assert location.endswith(f"page-2#post-{thread.last.id}")


def test_a_port_in_use_is_an_error_not_a_trace(
    sample: SampleServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--port", str(sample.port)]) == 1
    assert str(sample.port) in capsys.readouterr().err


def test_stopping_closes_what_is_open() -> None:
    server = SampleServer().start()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", "/", headers={"Host": "oihong.localhost"})
    connection.getresponse().read()
    server.stop()
    with pytest.raises(OSError):
        connection.request("GET", "/", headers={"Host": "oihong.localhost"})
        connection.getresponse()
    connection.close()
    SampleServer().stop()  # never started
