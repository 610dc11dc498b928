"""How well and how fast posts are read: ``python -m bench demand [SET ...] [--errors LABEL]``.

Reads the measuring data named by ``RIVALMAP_MEASURE_DATA``; without it there is nothing to
measure. Sets: dev, compare_en, compare_zh, compare_vi, unmet_need, pain_vi, speed; sample, the
invented market of analysis/demo, and memory (only where it is named), a
million posts, need no data. Intervals are 95 % bootstrap intervals over posts.
"""

import argparse
import json
import os
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from analysis.demo import talk as sample_talk
from analysis.demo.market import sample_market_toml
from bench import demand_texts
from crawlers.market import parse_market
from pipelines.demand import Brand, DemandReader, MarketTerms, Reading, rules_version

MILLION = 1_000_000
STAGES = ("using", "searching", "comparing", "none")
Pair = tuple[Any, Any]


def posts_of(name: str) -> list[dict[str, Any]]:
    folder = os.environ.get("RIVALMAP_MEASURE_DATA")
    if not folder:
        sys.exit("RIVALMAP_MEASURE_DATA names no folder: there is nothing to measure.")
    lines = (Path(folder) / "demand" / f"{name}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def f1_of(pairs: Sequence[Pair], label: Any = True) -> tuple[float, float, float]:
    """Precision, recall and F1 of one label over (truth, read) pairs."""
    hit = sum(t == label and r == label for t, r in pairs)
    read = sum(r == label for _, r in pairs)
    true = sum(t == label for t, _ in pairs)
    precision, recall = hit / read if read else 0.0, hit / true if true else 0.0
    total = precision + recall
    return precision, recall, 2 * precision * recall / total if total else 0.0


def macro(pairs: Sequence[Pair], labels: Iterable[Any]) -> float:
    scores = [f1_of(pairs, label)[2] for label in labels]
    return sum(scores) / len(scores)


def interval(pairs: Sequence[Pair], score: Callable[[Sequence[Pair]], float]) -> str:
    chance = random.Random(7)
    sizes = range(len(pairs))
    found = sorted(score([pairs[chance.choice(sizes)] for _ in sizes]) for _ in range(200))
    return f"[{found[5]:.2f}, {found[194]:.2f}]"


def show(name: str, pairs: Sequence[Pair]) -> None:
    precision, recall, f1 = f1_of(pairs)
    true = sum(bool(t) for t, _ in pairs)
    bounds = interval(pairs, lambda some: f1_of(some)[2])
    print(
        f"  {name:28} P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f} {bounds}  "
        f"({true} of {len(pairs)})"
    )


def confusion(pairs: Sequence[Pair]) -> None:
    counts = Counter(pairs)
    labels = sorted({str(x) for pair in pairs for x in pair})
    print("    truth \\ read " + "".join(f"{label:>14}" for label in labels))
    for truth in labels:
        row = "".join(
            f"{sum(n for (t, r), n in counts.items() if str(t) == truth and str(r) == read):>14}"
            for read in labels
        )
        print(f"    {truth:13}" + row)


def wrong(errors: bool, post: dict[str, Any], truth: Any, read: Any, reading: Reading) -> None:
    if errors and truth != read:
        rules = [f"{c.claim}:{c.rule.split('/')[1]}:{c.quote[:24]}" for c in reading.evidence]
        print(f"- truth={truth} read={read} [{post['lang']}] {post['text'][:260]!r} {rules}")


def dev(errors: str | None) -> None:
    reader = DemandReader()
    posts = posts_of("dev")
    readings = [reader.read(post["text"], lang=post["lang"]) for post in posts]
    told: dict[str, Callable[[Reading], Any]] = {
        "pain": lambda r: r.pain,
        "praise": lambda r: r.praise,
        "seller": lambda r: r.seller,
        "switch": lambda r: r.switch is not None,
        "barrier": lambda r: r.barrier is not None,
    }
    for lang in ("all", "en", "zh", "vi"):
        chosen = [
            (p, r) for p, r in zip(posts, readings, strict=True) if lang in ("all", p["lang"])
        ]
        print(f"dev.jsonl, {lang}: {len(chosen)} posts")
        staged = [(p["stage"], r.stage) for p, r in chosen if p.get("stage") in STAGES]
        bounds = interval(staged, lambda some: macro(some, STAGES))
        print(f"  stage macro-F1               {macro(staged, STAGES):.3f} {bounds}")
        for stage in STAGES:
            print(
                f"    {stage:12} P {{:.3f}}  R {{:.3f}}  F1 {{:.3f}}".format(*f1_of(staged, stage))
            )
        confusion(staged)
        for label, read in told.items():
            pairs = []
            for post, reading in chosen:
                if label not in post or (label in ("pain", "praise") and post[label] is None):
                    continue
                truth = post[label]
                if label == "switch":
                    truth = truth != "none"
                elif label == "barrier":
                    truth = truth is not None
                pairs.append((truth, read(reading)))
                wrong(errors == label and lang == "all", post, truth, read(reading), reading)
            show(label, pairs)
    for post, reading in zip(posts, readings, strict=True):
        if post.get("stage") in STAGES:
            wrong(errors == "stage", post, post["stage"], reading.stage, reading)


def compare_en(errors: str | None) -> None:
    comparative, paired, directed, told = [], [], [], []
    for post in posts_of("comparison_en"):
        brands = (Brand(post["a"]), Brand(post["b"]))
        reading = DemandReader(MarketTerms(brands=brands)).read(post["text"], lang="en")
        truth = post["label"] != "NONE"
        pair = next(
            (
                c
                for c in reading.comparison or ()
                if {c.preferred, c.other} == {post["a"], post["b"]}
            ),
            None,
        )
        comparative.append((truth, reading.comparison is not None))
        paired.append((truth, pair is not None))
        wrong(errors == "comparison", post, truth, reading.comparison is not None, reading)
        wrong(errors == "pair", post, truth, pair is not None, reading)
        said = "NONE" if pair is None else "BETTER" if pair.preferred == post["a"] else "WORSE"
        told.append((post["label"], said))
        if truth and pair is not None:
            better = "BETTER" if pair.preferred == post["a"] else "WORSE"
            directed.append((post["label"], better))
            wrong(errors == "direction", post, post["label"], better, reading)
    show("en comparative", comparative)
    show("en comparative, the pair read", paired)
    right = sum(t == r for t, r in directed)
    share = right / len(directed) if directed else 0.0
    print(f"  en direction where the pair is read: {share:.3f} ({right} of {len(directed)})")
    print(f"  en direction, of all comparatives:   {right / sum(t for t, _ in paired):.3f}")
    confusion(told)


def compare(lang: str) -> Callable[[str | None], None]:
    def measure(errors: str | None) -> None:
        reader = DemandReader()
        pairs = []
        for post in posts_of(f"comparison_{lang}"):
            reading = reader.read(post["text"], lang=lang)
            pairs.append((post["comparative"], reading.comparison is not None))
            wrong(errors == "comparison", post, *pairs[-1], reading)
        show(f"{lang} comparative", pairs)

    return measure


def unmet_need(errors: str | None) -> None:
    reader = DemandReader()
    pairs = []
    for post in posts_of("unmet_need_en"):
        reading = reader.read(post["text"], lang="en")
        pairs.append((post["suggestion"], reading.suggestion))
        wrong(errors == "suggestion", post, *pairs[-1], reading)
    show("en suggestion", pairs)


def pain_vi(errors: str | None) -> None:
    reader = DemandReader()
    pairs = []
    for post in posts_of("pain_vi"):
        reading = reader.read(post["text"], lang="vi")
        truth = any(aspect.endswith("#Negative") for aspect in post["aspects"])
        pairs.append((truth, reading.pain))
        wrong(errors == "pain", post, *pairs[-1], reading)
    show("vi negative aspect", pairs)


def speed(_: str | None) -> None:
    reader = DemandReader(MarketTerms(brands=tuple(Brand(f"Brand{n}") for n in range(30))))
    for name in ("comparison_en", "comparison_zh", "comparison_vi", "pain_vi", "dev"):
        texts = [(post["text"], post["lang"]) for post in posts_of(name)][:1500]
        for text, lang in texts[:200]:  # patterns compile on first use
            reader.read(text, lang=lang)
        begin = time.process_time()
        for text, lang in texts:
            reader.read(text, lang=lang)
        spent = time.process_time() - begin
        mean = sum(len(text) for text, _ in texts) / len(texts)
        print(f"  {name:15} {len(texts) / spent:7.0f} posts/s of CPU, mean {mean:.0f} characters")


def memory(_: str | None) -> None:
    """A million posts by one reader: the memory of the process after each tenth."""
    texts = [(p["text"], lang) for lang in LANGUAGES for p in demand_texts.posts(lang)]
    reader = DemandReader(MarketTerms(brands=tuple(Brand(f"Brand{n}") for n in range(30))))
    for number in range(1, MILLION + 1):
        text, lang = texts[number % len(texts)]
        reader.read(f"{text} {number}", lang=lang)  # no two are the same
        if number % (MILLION // 10) == 0 or number == 10_000:
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"  {number:9,} posts read: peak of memory {peak:.0f} MB", flush=True)


def sample(errors: str | None) -> None:
    """The sample market's posts against its truth; a label nobody asserted is left out."""
    market = parse_market(sample_market_toml(8000))
    business = market.business
    rivals = tuple(
        Brand(name=c.name, aliases=tuple(c.aliases), key=c.id) for c in market.competitors
    )
    own = Brand(name=business.name, aliases=tuple(business.aliases), key=sample_talk.OWN)
    reader = DemandReader(
        MarketTerms(brands=rivals, own=own, offers=business.offers, keywords=business.keywords)
    )
    keys = {brand.name: brand.key for brand in (*rivals, own)}
    told: dict[str, list[Pair]] = {}
    for talk in sample_talk.conversations():
        for said in talk.posts:
            reading = reader.read(said.text)
            post = {"lang": said.lang, "text": said.text}
            switch, true = reading.switch, said.switch
            pairs = {
                "switch": (
                    (true.source, true.target, true.status) if true else None,
                    (keys.get(switch.from_brand or ""), keys.get(switch.to_brand or ""),
                     switch.status) if switch else None,
                )
            }  # fmt: skip
            for label in ("stage", "seller", "barrier", "pain", "praise"):
                if getattr(said, label) is not None:
                    pairs[label] = (getattr(said, label), getattr(reading, label))
            for label, pair in pairs.items():
                told.setdefault(label, []).append(pair)
                wrong(errors == label, post, *pair, reading)
    for label, rows in told.items():
        right = sum(t == r for t, r in rows)
        print(f"  sample {label:8} {right / len(rows):.3f} right ({right} of {len(rows)})")


SETS: dict[str, Callable[[str | None], None]] = {
    "dev": dev,
    "compare_en": compare_en,
    "compare_zh": compare("zh"),
    "compare_vi": compare("vi"),
    "unmet_need": unmet_need,
    "pain_vi": pain_vi,
    "speed": speed,
    "memory": memory,
    "sample": sample,
}


LANGUAGES = ("en", "zh", "vi")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", choices=[[], *SETS], help="what to measure (all)")
    parser.add_argument("--errors", metavar="LABEL", help="print what was read wrongly")
    options = parser.parse_args()
    print(f"rules {rules_version()}")
    for name in options.sets or [name for name in SETS if name != "memory"]:
        SETS[name](options.errors)


if __name__ == "__main__":
    main()
