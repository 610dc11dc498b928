from crawlers.base.source import QUEUE_PER_PAGE, TargetQueue, source
from crawlers.items import Target


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
