import tracemalloc
from dataclasses import replace

from crawlers.base.source import QUEUE_PER_PAGE, Seen, TargetQueue, source
from crawlers.items import Target
from crawlers.state import WAITED


def target(url: str, kind: str, priority: int) -> Target:
    return Target(source="a", url=url, role="page", priority=priority, meta={"kind": kind})


def drain(queue: TargetQueue) -> list[str]:
    found = []
    while (one := queue.pop()) is not None:
        found.append(one.url)
    return found


def test_best_first_within_the_budget() -> None:
    queue = TargetQueue(2)
    for url, priority in (("low", 1), ("high", 9), ("middle", 5)):
        queue.push(target(url, url, priority))
    assert drain(queue) == ["high", "middle"]
    assert len(queue) == 1


def test_many_pages_of_a_kind_do_not_push_out_the_one_of_another() -> None:
    queue = TargetQueue(10)
    for number in range(40):
        queue.push(target(f"product{number}", "product", 80))
    queue.push(target("pricing", "pricing", 60))
    order = drain(queue)
    assert order.index("pricing") == 6
    assert order[:2] == ["product0", "product1"]


def test_a_sitemap_of_millions_does_not_fill_the_memory() -> None:
    queue = TargetQueue(3)
    kept = sum(queue.push(target(str(n), "product", 1)) for n in range(1_000))
    assert kept == len(queue) == 3 * QUEUE_PER_PAGE


def test_an_address_is_offered_once() -> None:
    one = source("a", "A", "https://www.example.com/", budget=5)
    first = [target("https://example.com/x", "other", 1)] * 2
    assert len(one.offer(first)) == 1
    assert one.offer(first) == ()
    assert one.owns("https://blog.example.com/y") and not one.owns("https://example.org/")


def test_an_address_that_was_asked_for_takes_little_memory() -> None:
    one, many = source("a", "A", "https://a.example/", budget=10_000), 5_000
    tracemalloc.start()
    try:
        for number in range(many):
            one.offer([target(f"https://a.example/shop/goods/{number}?page=2", "product", 1)])
            assert one.queue.pop() is not None
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held / many < 60  # its words alone take 90
    assert one.offer([target("https://a.example/shop/goods/7?page=2", "product", 1)]) == ()


def test_what_was_seen_is_known_however_much_it_is() -> None:
    seen, urls = Seen(), [f"https://a.example/{number}" for number in range(3_000)]
    seen.update(urls[:2_000] + urls[:500])
    assert [url in seen for url in urls] == [True] * 2_000 + [False] * 1_000


def waited(url: str, priority: int = 1, **meta: str) -> Target:
    return Target(
        source="a", url=url, role="topic", priority=priority, meta={WAITED: "yes", **meta}
    )


def test_what_waits_from_an_earlier_run_takes_every_second_turn() -> None:
    one = source("a", "A", "https://a.example/", budget=7)
    one.take_up(waited(f"https://a.example/w{number}", number) for number in range(5))
    one.offer(target(f"https://a.example/n{number}", "forum", 9 - number) for number in range(3))
    assert len(one.queue) == 8
    order = [url.rpartition("/")[2] for url in drain(one.queue)]
    assert order == ["n0", "w4", "n1", "w3", "n2", "w2", "w1"]
    assert len(one.queue) == 1 and one.reads_on


def test_what_waits_is_asked_for_once_and_as_it_is_known_now() -> None:
    one = source("a", "A", "https://a.example/", budget=9)
    one.take_up([waited("https://a.example/t1", thread="t1", stamp="old", first="yes")])
    assert not one.half_read
    same = Target(source="a", url="https://a.example/t1", role="topic", meta={"stamp": "old"})
    assert one.offer([same]) == (same,), "the page that leads to it knows where it leads"
    now = replace(same, meta={"stamp": "new"})
    one.offer([now, target("https://a.example/n", "forum", 9)])
    assert len(one.queue) == 2 and not one.queue.waits(now.url), "it has news: it waits no longer"
    assert one.queue.pop() == target("https://a.example/n", "forum", 9)
    taken = one.queue.pop()
    assert taken == now and one.queue.pop() is None
    assert one.offer([now]) == ()


def test_what_leads_on_from_what_waited_does_not_keep_the_news_out() -> None:
    one = source("a", "A", "https://a.example/", budget=9)
    one.take_up([waited("https://a.example/w1")])
    one.offer(target(f"https://a.example/n{number}", "forum", 1) for number in range(3))
    order = []
    while (taken := one.queue.pop()) is not None:
        order.append(taken.url.rpartition("/")[2])
        if order[-1][0] == "w" and len(order) < 5:
            one.offer([target(f"https://a.example/w{len(order)}", "forum", 9)])
    assert order == ["n0", "w1", "n1", "w2", "n2", "w4"]


def test_a_thread_that_waits_in_the_middle_is_known_and_its_site_can_be_left() -> None:
    one = source("a", "A", "https://a.example/", budget=9)
    one.take_up([waited("https://a.example/t1?page=3", thread="https://a.example/t1", like="x")])
    assert one.half_read == {"https://a.example/t1"}
    one.leave("a.example", "resting")
    assert one.waiting == 2 and len(one.queue) == 0 and one.queue.pop() is None
