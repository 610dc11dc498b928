"""Crawl-delay of robots.txt, obeyed; the rate of a site never goes above what was promised."""

from time import monotonic
from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.robotstxt import RobotParser

from crawlers.middlewares.browser import PART_META
from crawlers.pace import pace
from crawlers.urls import host_of, registrable_domain


class CrawlDelay:
    """Raises a slot's delay to what robots.txt asks, and reports the delay in force."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.floor = crawler.settings.getfloat("RIVALMAP_DELAY")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Listen for robots.txt files."""
        extension = cls(crawler)
        crawler.signals.connect(extension.robots_parsed, signal=signals.robots_parsed)
        return extension

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Set the delay of the request's slot before its first page is asked for."""
        if PART_META in request.meta:  # of a page being drawn; the pause is kept between pages
            return
        asked = robotparser.crawl_delay(self.crawler.settings["ROBOTSTXT_USER_AGENT"]) or 0.0
        delay = max(self.floor, asked)
        pace.slow_down(registrable_domain(host_of(request.url)), delay)
        downloader = self.crawler.engine.downloader
        key = downloader.get_slot_key(request)
        # Idle slots are collected after a minute; their settings must outlive them.
        downloader.per_slot_settings[key] = {"concurrency": 1, "delay": delay}
        slot = downloader.slots.get(key)
        if slot is not None:
            slot.delay = delay
        else:
            _, slot = downloader._get_slot(request)
        slot.lastseen = monotonic()  # robots.txt itself was a request to this site
        source = request.meta.get("source")
        if source:
            self.crawler.spider.set_delay(source, delay)  # type: ignore[union-attr]
