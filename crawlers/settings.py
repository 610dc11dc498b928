"""Rivalmap's settings, the only settings file: each with its default in Scrapy, ours, and why.

A market file's ``[crawl]`` overrides delay, budgets, contact and ``allow_private`` for its crawls.
"""

# --- where things are ------------------------------------------------------------------------
BOT_NAME = "rivalmap"
SPIDER_MODULES = ["crawlers.spiders"]
NEWSPIDER_MODULE = "crawlers.spiders"
# Our commands; outside the folder the same ones come through scrapy.commands entry points.
COMMANDS_MODULE = "analysis.commands"
# Named by string: crawlers may not import what stores.
RIVALMAP_STATE = "pipelines.storage.crawl_state.SqliteCrawlState"

# --- manners ---------------------------------------------------------------------------------
# Default False: public is not the same as welcome.
ROBOTSTXT_OBEY = True
# The name robots.txt files are read for; the full user agent below carries the contact.
ROBOTSTXT_USER_AGENT = "Rivalmap"
# Default "Scrapy/VERSION". The spider adds the market's contact.
USER_AGENT = "Rivalmap/0.1"
# Seconds between requests to one site at least (default 1 without ours); [crawl] delay.
RIVALMAP_DELAY = 1.0
DOWNLOAD_DELAY = RIVALMAP_DELAY  # from request to request; crawlers.pace adds: from an answer's end
# Default 0.5, which falls to half the promised delay; and upwards it only makes a crawl longer.
DOWNLOAD_DELAY_JITTER = 0.0
# Default 8. One request at a time per site.
CONCURRENT_REQUESTS_PER_DOMAIN = 1
# Default 16. Two hundred sites at one request a second need about two in flight each.
CONCURRENT_REQUESTS = 400

# --- budgets ---------------------------------------------------------------------------------
# Seconds a run may take, in place of [crawl] time_budget; 0: the market file's word.
RIVALMAP_TIME_BUDGET = 0.0

# --- safety ----------------------------------------------------------------------------------
# Private and loopback addresses: [crawl] allow_private.
RIVALMAP_ALLOW_PRIVATE = False
TWISTED_DNS_RESOLVER = "crawlers.resolver.Resolver"
# Default True: http_proxy of the environment. A proxy resolves names itself, past our resolver.
HTTPPROXY_ENABLED = False
# Default 180 s, for the whole answer. A page that takes half a minute is an outage, or drips.
DOWNLOAD_TIMEOUT = 30
# Default 1 GB. No page worth reading is larger; the body is dropped while it arrives.
DOWNLOAD_MAXSIZE = 8 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
# Scrapy's own reads headers without end.
DOWNLOAD_HANDLERS = {
    "http": "crawlers.downloading.BoundedDownloadHandler",
    "https": "crawlers.downloading.BoundedDownloadHandler",
}
# Default 20. Five hops lead anywhere honest.
REDIRECT_MAX_TIMES = 5
# Default 2. The second try, after a pause, then the failure is recorded; a later run tries anew.
RETRY_TIMES = 1
# Defaults True / 6023: consoles that let anyone on the machine run code.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
# Default True. No logins, no sessions: a cookie would only make pages differ.
COOKIES_ENABLED = False

# --- browser ---------------------------------------------------------------------------------
# The Chromium that draws pages which say nothing without JavaScript; "" draws none. Set by the
# spider where [crawl] browser = true and the extra and the program are there.
RIVALMAP_BROWSER = ""

# --- speed -----------------------------------------------------------------------------------
# Processes that read pages beside the one that fetches and stores; 0: none. "auto": none up to
# fifty sites, which one process can read; above, what their pages take, one core left over.
RIVALMAP_READERS = "auto"
# Default 100: creates that many tasks for each response. Our spiders yield a few items.
CONCURRENT_ITEMS = 1
ASYNCIO_EVENT_LOOP = None  # "uvloop.Loop" where it is installed, set below
# Default "strict-origin-when-cross-origin". Rivals need not see our path.
REFERRER_POLICY = "no-referrer"
# The loops do their own bookkeeping of what was asked for (the frontier).
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
LOG_LEVEL = "WARNING"
# Scrapy's own makes a line of each answer and item, which the level above then drops.
LOG_FORMATTER = "crawlers.log_lines.LogLines"
# Default True: a memory watchdog thread of its own; budgets bound us.
MEMUSAGE_ENABLED = False

# --- components ------------------------------------------------------------------------------
DOWNLOADER_MIDDLEWARES = {
    # Scrapy's, replaced by ours of the same place.
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    # No logins; the loop itself judges which site an address belongs to.
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "crawlers.middlewares.addresses.PrivateAddressMiddleware": 50,
    "crawlers.middlewares.walls.WallMiddleware": 60,
    "crawlers.middlewares.robots.RobotsMiddleware": 100,
    "crawlers.middlewares.patience.PatienceMiddleware": 550,
    "crawlers.middlewares.refresh.RefreshMiddleware": 580,
    # Next to the downloader: below HttpCompression (590), so that bodies are as sent.
    "crawlers.archive.ArchiveMiddleware": 990,
    # In the downloader's place for pages to be drawn; off without RIVALMAP_BROWSER.
    "crawlers.middlewares.browser.BrowserMiddleware": 995,
    # In the place of Scrapy's, which renders each request to weigh it.
    "scrapy.downloadermiddlewares.stats.DownloaderStats": None,
    "crawlers.middlewares.counts.Counts": 850,
}
SPIDER_MIDDLEWARES = {
    # Each costs every answer a generator more. Statuses are the loops' to judge, targets know
    # their depth, and ``meta`` is not copied from answer to request.
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
}
EXTENSIONS = {
    "crawlers.extensions.crawl_delay.CrawlDelay": 0,
    "crawlers.extensions.run_record.RunRecord": 0,
    "crawlers.extensions.progress.Progress": 0,
    # Defaults that log a line a minute; our progress says more.
    "scrapy.extensions.logstats.LogStats": None,
}
ITEM_PIPELINES = {
    "pipelines.validate.Validate": 100,
    "pipelines.normalise.Normalise": 200,
    "pipelines.redact.Redact": 300,
    "pipelines.duplicates.Duplicates": 400,
    "pipelines.channel_tags.TagChannels": 500,
    "crawlers.archive.Journal": 800,
    "pipelines.store.Store": 900,
}

# --- storage ---------------------------------------------------------------------------------
# Items are written in batches of this many, or after this many seconds.
RIVALMAP_BATCH_ITEMS = 50
RIVALMAP_BATCH_SECONDS = 2.0
# One archive file grows to about this many bytes before the next begins.
RIVALMAP_ARCHIVE_BYTES = 200 * 1024 * 1024

# --- several machines (docs/scale.md) --------------------------------------------------------
# A lease that is not renewed runs out after this many seconds: what a killed worker held is taken
# by another then. Longer than the longest stop of a living worker (one page's reading).
RIVALMAP_LEASE_SECONDS = 30.0
# Sites one worker holds at most; one process keeps some 200 requests a second.
RIVALMAP_WORKER_SITES = 200
# Items that may wait for the writer; beyond them workers ask for nothing. About 80 KB each, with
# the answer.
RIVALMAP_BACKLOG_ITEMS = 1000
# How long workers and writer wait for a Redis that is away before they give up, in seconds.
RIVALMAP_REDIS_PATIENCE = 600.0
# How long the writer waits for a first, or another, worker before it ends the run, in seconds.
RIVALMAP_WORKER_PATIENCE = 1800.0

try:
    import uvloop  # noqa: F401
except ImportError:  # Windows
    pass
else:
    ASYNCIO_EVENT_LOOP = "uvloop.Loop"
