"""The sample's two forums: which thread stands where, numbered as the engines number them."""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from functools import cached_property, lru_cache

from analysis.demo.people import PEOPLE, SELLERS, SIGNATURES
from analysis.demo.talk import Conversation, Said, conversations

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_MEMBERS = {
    name: number
    for number, name in enumerate(
        (
            name
            for group in (PEOPLE, SELLERS)
            for lang in ("vi", "en", "zh")
            for name in group[lang]
        ),
        start=52,
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A board: its number, name and the line under it."""

    id: int
    name: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post with the engine's number. ``quoted`` is the post it quotes."""

    id: int
    said: Said
    quoted: "Post | None"

    @property
    def member(self) -> int:
        """The author's number."""
        return _MEMBERS[self.said.author]

    @property
    def signature(self) -> str:
        """What the author puts under every post; ``""`` for most."""
        return SIGNATURES.get(self.said.author, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A thread with the engine's number; its posts, oldest first."""

    id: int
    board: Board
    title: str
    sticky: bool
    posts: tuple[Post, ...]

    @property
    def last(self) -> Post:
        """The newest post."""
        return self.posts[-1]

    @property
    def views(self) -> int:
        """A number of readers that looks true and never changes."""
        return 40 + self.id * 37 % 900 + 61 * len(self.posts)


@dataclass(frozen=True, kw_only=True)
class Forum:
    """A forum of the sample. ``timezone`` is what the market file says of its clock."""

    name: str
    key: str
    host: str
    engine: str
    languages: tuple[str, ...]
    timezone: str
    zone: tzinfo
    posts_per_page: int
    threads_per_page: int
    boards: tuple[Board, ...]
    threads: tuple[Thread, ...]

    @cached_property
    def by_thread(self) -> dict[int, Thread]:
        """Threads by number."""
        return {thread.id: thread for thread in self.threads}

    @cached_property
    def thread_of_post(self) -> dict[int, Thread]:
        """The thread each post stands in, by the post's number."""
        return {post.id: thread for thread in self.threads for post in thread.posts}

    def listed(self, board: Board) -> list[Thread]:
        """A board's threads as its list shows them: sticky ones, then the last answered."""
        rows = [thread for thread in self.threads if thread.board.id == board.id]
        return sorted(rows, key=lambda row: (row.sticky, row.last.said.at, row.id), reverse=True)

    def page_of(self, post: int) -> int:
        """Which page of its thread a post stands on, from 1."""
        ids = [entry.id for entry in self.thread_of_post[post].posts]
        return ids.index(post) // self.posts_per_page + 1

    def local(self, at: datetime) -> datetime:
        """A time on the forum's clock."""
        return at.astimezone(self.zone)


def clock(at: datetime) -> str:
    """``3:08 pm``, as both engines write it in English."""
    return f"{at.hour % 12 or 12}:{at.minute:02} {'am' if at.hour < 12 else 'pm'}"


def title_slug(title: str) -> str:
    """A title as part of an address; letters of every script stay, accents go."""
    marks = unicodedata.normalize("NFD", title.lower().replace("đ", "d"))
    kept = "".join(c for c in marks if not unicodedata.combining(c))
    words = "".join(c if c.isalnum() else " " for c in unicodedata.normalize("NFC", kept)).split()
    return "-".join(words)


_PHPBB_BOARDS = (
    Board(id=2, name="Phần mềm và website bán hàng", about="Hỏi, so sánh, kể chuyện chuyển đổi."),
    Board(id=3, name="Rao vặt dịch vụ", about="Nơi duy nhất được quảng cáo."),
    Board(id=4, name="Trà đá vỉa hè", about="Chuyện ngoài lề."),
    Board(id=5, name="English corner", about="For shopkeepers who read English better."),
)
_XENFORO_BOARDS = (
    Board(id=7, name="Tools and software", about="Tills, shop builders, spreadsheets."),
    Board(id=8, name="中文区", about="开店工具、经验交流。"),
    Board(id=11, name="Marketplace", about="Adverts go here and nowhere else."),
    Board(id=12, name="Off topic", about="Cats, lunch, weather."),
)


@lru_cache(maxsize=1)
def load_forums() -> tuple[Forum, ...]:
    """Both forums with all their threads."""
    talks = conversations()
    vietnamese = [talk for talk in talks if _in_vietnam(talk, talks)]
    others = [talk for talk in talks if not _in_vietnam(talk, talks)]
    hanoi = timezone(timedelta(hours=7))
    singapore = timezone(timedelta(hours=8))
    return (
        Forum(
            name="Hội Chợ Bán",
            key="hoi-cho-ban",
            host="hoichoban.localhost",
            engine="phpbb",
            languages=("vi", "en"),
            timezone="Asia/Ho_Chi_Minh",
            zone=hanoi,
            posts_per_page=10,
            threads_per_page=20,
            boards=_PHPBB_BOARDS,
            threads=_numbered(vietnamese, _phpbb_board, first_thread=101, first_post=1201),
        ),
        Forum(
            name="Shopkeepers Asia",
            key="shopkeepers-asia",
            host="shopkeepers.localhost",
            engine="xenforo",
            languages=("en", "zh"),
            timezone="Asia/Singapore",
            zone=singapore,
            posts_per_page=20,
            threads_per_page=25,
            boards=_XENFORO_BOARDS,
            threads=_numbered(others, _xenforo_board, first_thread=4017, first_post=88003),
        ),
    )


def _in_vietnam(talk: Conversation, talks: tuple[Conversation, ...]) -> bool:
    """All Vietnamese threads, and every other English one except the long poll."""
    if talk.lang != "en" or talk.sticky:
        return talk.lang == "vi"
    return talks.index(talk) % 2 == 0


def _phpbb_board(talk: Conversation) -> Board:
    number = 5 if talk.lang == "en" else {"ad": 3, "chat": 4}.get(talk.topic, 2)
    return next(board for board in _PHPBB_BOARDS if board.id == number)


def _xenforo_board(talk: Conversation) -> Board:
    number = 8 if talk.lang == "zh" else {"ad": 11, "chat": 12}.get(talk.topic, 7)
    return next(board for board in _XENFORO_BOARDS if board.id == number)


def _numbered(
    talks: Iterable[Conversation],
    board_of: Callable[[Conversation], Board],
    *,
    first_thread: int,
    first_post: int,
) -> tuple[Thread, ...]:
    """Threads numbered as they were opened, posts as they were written across all threads."""
    rows = list(talks)
    order = sorted(
        (said.at, place, rank)
        for place, talk in enumerate(rows)
        for rank, said in enumerate(talk.posts)
    )
    ids = {(place, rank): first_post + n for n, (_, place, rank) in enumerate(order)}
    threads = []
    for place, talk in enumerate(rows):
        posts: list[Post] = []
        for rank, said in enumerate(talk.posts):
            quoted = posts[said.quotes] if said.quotes is not None else None
            posts.append(Post(id=ids[place, rank], said=said, quoted=quoted))
        threads.append(
            Thread(
                id=first_thread + place,
                board=board_of(talk),
                title=talk.title,
                sticky=talk.sticky,
                posts=tuple(posts),
            )
        )
    return tuple(threads)
