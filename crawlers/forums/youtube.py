"""YouTube: comments and searches through the Data API v3, with the reader's own key."""

import re
from typing import Any

from selectolax.lexbor import LexborNode

from crawlers.document import Document
from crawlers.forums.api_addresses import is_below, moved_root, path_of, query_of, with_query
from crawlers.forums.base import Adapter, Reading
from crawlers.forums.dates.reading import read_date
from crawlers.forums.fields import value
from crawlers.forums.json_shapes import as_dict, as_dicts, as_int, as_text
from crawlers.forums.texts.line_quotes import plain_words
from crawlers.forums.texts.post_text import own_words, plain_text
from crawlers.items import ForumPage, Post, ThreadRef

_SITES = ("youtube.com", "youtu.be", "youtube-nocookie.com")
_APIS = ("www.googleapis.com", "youtube.googleapis.com")
_VIDEO = re.compile(r"[\w-]{6,20}")
_CHANNEL = re.compile(r"^/channel/(UC[\w-]{10,40})(?:/|$)")
_IN_PATH = re.compile(r"^/(?:shorts|embed|live|v)/([\w-]{6,20})$")
_KINDS = {
    "youtube#commentThreadListResponse", "youtube#commentListResponse",
    "youtube#searchListResponse",
}  # fmt: skip


class YouTube(Adapter):
    """A video's comments are a thread; answers the API folds are asked for one by one.

    The key is the reader's own (Google gives one for nothing, good for 10,000 units a day: a page
    of comments costs 1, a page of search results 100) and travels in a header. Replies that tell
    of a spent quota or closed comments hold no posts and are none of the shapes read here.
    Boards are videos or channels (``/channel/UC...``), queries are searched for, newest first.
    """

    engine = "youtube"
    hosts = (*_SITES, *_APIS)
    marker = "meta[property='og:site_name'][content=YouTube], ytd-app, ytm-app"

    # a watched page saved from a browser; the server sends none of this
    title = "#title h1 | h1"
    post = "ytd-comment-view-model:has(#content-text), ytd-comment-renderer:has(#content-text)"
    post_id = "#published-time-text a@href | a[href*='lc=']@href"
    author = "#author-text"
    date = "#published-time-text"
    body = "#content-text"
    permalink = "#published-time-text a, a[href*='lc=']"
    next = ""

    key_variable = "RIVALMAP_YOUTUBE_KEY"
    key_header = "X-Goog-Api-Key"
    key_required = True

    def entry_urls(
        self, base_url: str, boards: tuple[str, ...] = (), queries: tuple[str, ...] = ()
    ) -> list[str]:
        """A search for each query, and the videos and channels named."""
        asked = [
            with_query(
                _api(base_url, "search"), part="snippet", type="video", order="date",
                maxResults=50, q=query,
            )
            for query in queries
        ]  # fmt: skip
        named = boards or (() if asked else (base_url,))
        return [*asked, *(self.fetch_address(board) for board in named)]

    def fetch_address(self, url: str) -> str:
        """The API's reply with the comments of a video or on all videos of a channel."""
        if is_below(url, *_APIS) or path_of(url).startswith("/youtube/"):
            return url
        found = _IN_PATH.match(path_of(url))
        video = found[1] if found else query_of(url, "v")
        if is_below(url, "youtu.be"):
            video = path_of(url).strip("/")
        threads = with_query(
            _api(url, "commentThreads"), part="snippet,replies", order="time", maxResults=100,
            textFormat="plainText",
        )  # fmt: skip
        if _VIDEO.fullmatch(video):
            return with_query(threads, videoId=video)
        if channel := _CHANNEL.match(path_of(url)):
            return with_query(threads, allThreadsRelatedToChannelId=channel[1])
        return url

    def post_identifier(self, node: LexborNode) -> str | None:
        """The comment's name in its address."""
        return query_of(f"https:{value(node, self.post_id)}", "lc") or None

    def thread_address(self, url: str) -> str:
        """The video's address."""
        video = query_of(url, "v")
        return with_query(_site(url), v=video) if _VIDEO.fullmatch(video) else url

    def read_json(self, document: Document, reading: Reading) -> ForumPage | None:
        """Comments with their answers, the answers to one, or search results, told by ``kind``."""
        data = as_dict(document.json)
        kind, given = data.get("kind"), data.get("items")
        if not isinstance(kind, str) or kind not in _KINDS or not isinstance(given, list):
            return None
        url, rows = document.url, as_dicts(given)
        site = _site(url)
        token = as_text(data.get("nextPageToken"))
        after = with_query(url, pageToken=token) if token and rows else None
        if kind == "youtube#searchListResponse":
            return ForumPage(
                engine=self.engine, kind="board", threads=_videos(rows, site), next=after
            )
        plain = query_of(url, "textFormat") == "plainText"
        posts: dict[str, Post] = {}
        more = []
        for row in rows:
            snippet = as_dict(row.get("snippet"))
            video = as_text(snippet.get("videoId"))
            top = as_dict(snippet.get("topLevelComment")) or row
            answers = as_dicts(as_dict(row.get("replies")).get("comments"))
            for comment in (top, *answers):
                post = _post(comment, video, site, reading, plain=plain)
                if post is not None:
                    posts.setdefault(post.id or "", post)
            if (as_int(snippet.get("totalReplyCount")) or 0) > len(answers) and top.get("id"):
                more.append(
                    with_query(
                        _api(url, "comments"), part="snippet", parentId=as_text(top["id"]),
                        maxResults=100, textFormat="plainText",
                    )
                )  # fmt: skip
        return ForumPage(
            engine=self.engine,
            kind="topic",
            posts=tuple(posts.values()),
            thread_id=query_of(url, "videoId") or None,
            next=after,
            more=tuple(more),
        )


def _api(url: str, method: str) -> str:
    return f"{moved_root(url, _SITES, 'https://www.googleapis.com')}/youtube/v3/{method}"


def _site(url: str) -> str:
    return f"{moved_root(url, _APIS, 'https://www.youtube.com')}/watch"


def _videos(rows: list[dict[str, Any]], site: str) -> tuple[ThreadRef, ...]:
    found: dict[str, ThreadRef] = {}
    for row in rows:
        video = as_text(as_dict(row.get("id")).get("videoId"))
        title = plain_text(as_text(as_dict(row.get("snippet")).get("title")))
        if _VIDEO.fullmatch(video):
            url = with_query(site, v=video)
            found.setdefault(video, ThreadRef(url=url, title=title or video, id=video))
    return tuple(found.values())


def _post(
    comment: dict[str, Any], video: str, site: str, reading: Reading, *, plain: bool
) -> Post | None:
    number, snippet = as_text(comment.get("id")), as_dict(comment.get("snippet"))
    shown = as_text(snippet.get("textDisplay"))
    if not number or "publishedAt" not in snippet or not (shown or snippet.get("textOriginal")):
        return None
    # What the author typed is given to its author alone; the shown text is plain where asked so.
    text = plain_words(shown) if plain else own_words(shown, quote="").text
    written = as_text(snippet["publishedAt"])
    date = read_date(written, fetched_at=reading.fetched_at)
    video = as_text(snippet.get("videoId")) or video
    thread = with_query(site, v=video) if _VIDEO.fullmatch(video) else None
    return Post(
        id=number,
        url=with_query(thread or site, lc=number),
        author=as_text(snippet.get("authorDisplayName")) or None,
        text=text or plain_words(as_text(snippet.get("textOriginal"))),
        posted_at=date.posted_at,
        posted_text=written or None,
        posted_precision=date.precision,
        in_reply_to=as_text(snippet.get("parentId")) or None,
        thread_url=thread,
    )
