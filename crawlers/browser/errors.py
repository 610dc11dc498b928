"""Why a page was not drawn."""


class DrawingError(Exception):
    """The browser could not draw this page; the reason in words."""


class BrowserUnusableError(DrawingError):
    """The browser does not start; no page can be drawn."""


class PutOffError(Exception):
    """The crawl is ending: the page is left on the frontier for the next start."""
