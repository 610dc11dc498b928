from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawlers.items import (
    Fetch,
    ForumItem,
    ForumPage,
    Page,
    PageItem,
    Post,
    Quoted,
    Target,
    ThreadRef,
)
from pipelines.redact import Redact, pseudonym, read_salt, redact, require_salt
from pipelines.storage.database import DatabaseError
from pipelines.storage.write_posts import post_key


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("my WHAT\u017fAPP: lan.nguyen", "my WHAT\u017fAPP: [contact]"),
        ("WE\u0130X\u0130N: lan.nguyen", "WE\u0130X\u0130N: [contact]"),
        ("LAN DOT NGUYEN AT EXAMPLE DOT COM", "[email]"),
        ("lan＠example.com", "[email]"),
        ("write to lan.nguyen@example.com please", "write to [email] please"),
        ("ai cần thì lan [at] example.vn nhé", "ai cần thì [email] nhé"),
        ("Call 0912 345 678 tonight", "Call [phone] tonight"),
        ("LH 0912.345.678 (Lan)", "LH [phone] (Lan)"),
        ("gọi +84 912 345 678 nhé", "gọi [phone] nhé"),
        ("打我电话13812345678", "打我电话[phone]"),
        ("微信：abc_12345 加我", "微信：[contact] 加我"),
        ("Zalo: 0912345678", "Zalo: [contact]"),
        ("giá 1.290.000 đ một tháng", "giá 1.290.000 đ một tháng"),
        ("12.500.000đ cho 3 năm", "12.500.000đ cho 3 năm"),
        ("order #202611220512", "order #202611220512"),
        ("from 2024 to 2026, 15 of 20", "from 2024 to 2026, 15 of 20"),
        ("http://a.com/item/0912345678901", "http://a.com/item/0912345678901"),
        ("iPhone 15 Pro 256GB 7tr9", "iPhone 15 Pro 256GB 7tr9"),
    ],
)
def test_people_leave_the_text(text: str, redacted: str) -> None:
    assert redact(text) == redacted


def test_long_runs_of_digits_end_in_time() -> None:
    text = "0" * 100_000 + " " + "0-" * 50_000
    assert len(redact(text)) <= len(text)


def test_pseudonyms_are_stable_and_need_the_salt(tmp_path: Path) -> None:
    salt = read_salt(tmp_path)
    assert read_salt(tmp_path) == salt and len(salt) == 32
    assert (tmp_path / "salt").stat().st_mode & 0o077 == 0
    assert pseudonym("Lan ", salt) == pseudonym("lan", salt)
    assert pseudonym("lan", salt) != pseudonym("lan", b"another salt")
    assert "lan" not in pseudonym("lan", salt)


def test_posts_get_their_key_before_the_author_goes() -> None:
    now = datetime(2026, 1, 2, tzinfo=UTC)
    posts = (
        Post(id="7", url="http://f/7", author="Lan", text="mail lan@example.com",
             quoted=(Quoted(author="Minh", text="call 0912 345 678"),)),
        Post(id=None, url="http://f/t", author="Lan", text="no id"),
    )  # fmt: skip
    item = ForumItem(
        target=Target(source="f", url="http://f/t", role="topic"),
        fetch=Fetch(url="http://f/t", status=200, fetched_at=now),
        page=ForumPage(engine="phpbb", kind="topic", posts=posts),
    )
    first, second = Redact(b"salt").process_item(item).page.posts
    other = Redact(b"other salt").process_item(item).page.posts
    assert first.key == "f:7" and second.key.startswith("f:h:")
    assert [p.key for p in other] == [first.key, second.key]
    assert first.author == pseudonym("Lan", b"salt") != other[0].author
    assert first.text == "mail [email]"
    assert first.quoted[0] == Quoted(author=pseudonym("Minh", b"salt"), text="call [phone]")


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("john＠gmail.com", "[email]"),
        ("john dot doe at gmail dot com thanks", "[email] thanks"),
        ("lan chấm nguyen a còng gmail chấm com nhé", "[email] nhé"),
        ("https://zalo.me/0903123456 nhé", "[contact] nhé"),
        ("QQ 12345678 联系", "QQ [contact] 联系"),
        ("加我微信 wxid_abc99", "加我微信 [contact]"),
        ("pay with wechat or alipay at checkout", "pay with wechat or alipay at checkout"),
        ("look at the shop at example dot", "look at the shop at example dot"),
        ("微信支付很方便", "微信支付很方便"),
    ],
)
def test_other_ways_to_write_a_contact(text: str, redacted: str) -> None:
    assert redact(text) == redacted


def test_titles_are_redacted_wherever_they_travel() -> None:
    title = "Cần bán máy tính tiền, LH 0903 123 456"
    out = Target(source="f", url="http://f/t2", role="topic", meta={"title": title})
    item = ForumItem(
        target=Target(source="f", url="http://f/b", role="board", meta={"title": title}),
        fetch=Fetch(url="http://f/b", status=200, fetched_at=datetime(2026, 1, 2, tzinfo=UTC)),
        page=ForumPage(
            engine="phpbb", kind="board", thread_title=title,
            threads=(ThreadRef(url="http://f/t2", title=title),),
        ),
        outlinks=(out,),
    )  # fmt: skip
    assert "0903" not in repr(Redact(b"salt").process_item(item))


def test_a_damaged_or_lost_salt_is_refused(tmp_path: Path) -> None:
    (tmp_path / "salt").write_bytes(b"")
    with pytest.raises(DatabaseError, match="damaged"):
        read_salt(tmp_path)
    (tmp_path / "salt").unlink()
    with pytest.raises(DatabaseError, match="Restore it from a backup"):
        require_salt(tmp_path, has_posts=True)
    require_salt(tmp_path, has_posts=False)
    assert len(read_salt(tmp_path)) == 32


def test_reviews_get_a_key_of_their_own_forum_and_lose_their_people() -> None:
    reviews = (
        Post(id="88", url="http://a/p#r88", author="Lan", text="good, call 0912 345 678"),
        Post(id=None, url="http://a/p", author="Lan", text="no id", thread_url="http://a/mug"),
        Post(id=None, url="http://a/p", author="Lan", text="no id"),
    )
    item = PageItem(
        target=Target(source="acme", url="http://a/p", role="page"),
        fetch=Fetch(url="http://a/p", status=200, fetched_at=datetime(2026, 1, 2, tzinfo=UTC)),
        page=Page(url="http://a/p", kind="product", lang="en", reviews=reviews),
    )
    first, other, last = Redact(b"salt").process_item(item).page.reviews
    assert (first.key, first.text) == ("reviews:acme:88", "good, call [phone]")
    assert first.author == last.author == pseudonym("Lan", b"salt")
    assert other.key is not None and other.key.startswith("reviews:acme:h:")
    assert other.key != last.key == post_key("reviews:acme", "http://a/p", reviews[2])
