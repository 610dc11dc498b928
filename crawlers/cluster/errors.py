"""Why a worker asks for nothing. A leaf beside Scrapy."""

from scrapy.exceptions import IgnoreRequest


class NotOursError(IgnoreRequest):
    """The site is not ours any more, or Redis cannot say whether it is: nothing is sent."""


class TooManyTriesError(IgnoreRequest):
    """So many workers ended over this address that no further one begins with it."""
