"""One POST of JSON to the market file's ``webhook``.

The address was written by the researcher, the name it stands under may change its mind: so the
address it resolves to is checked where the connection is made, and redirects are not followed.
"""

import asyncio
import json

import httpx

from analysis.alerting.message import Message, NotSentError
from analysis.newmarket.visit import GuardedTransport
from crawlers.resolver import PrivateAddressError

LONGEST = 20.0
"""Seconds for all of it; a drip of bytes ends here."""
SILENCE = 10.0
"""Seconds without a byte."""


def post(url: str, message: Message, *, allow_private: bool = False) -> None:
    """Send a message; any answer of 200 to 299 means that it was taken, its body is not read.

    :raises NotSentError: otherwise.
    """
    body = json.dumps(message.document(), ensure_ascii=False, allow_nan=False)
    try:
        status = asyncio.run(_post(url, body.encode("utf-8", "replace"), allow_private))
    except PrivateAddressError:
        raise NotSentError(
            "a private address; allow_private = true under [crawl] permits it"
        ) from None
    except (TimeoutError, httpx.TimeoutException):
        raise NotSentError("no answer in time") from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        raise NotSentError(f"no connection ({type(error).__name__})") from None
    if not 200 <= status < 300:
        raise NotSentError(f"the answer was {status}")


async def _post(url: str, body: bytes, allow_private: bool) -> int:
    async with (
        asyncio.timeout(LONGEST),
        httpx.AsyncClient(
            transport=GuardedTransport(allow_private=allow_private),
            headers={
                "User-Agent": "Rivalmap/0.1",
                "Content-Type": "application/json; charset=utf-8",
            },
            timeout=SILENCE,
            trust_env=False,
        ) as client,
        client.stream("POST", url, content=body) as response,
    ):
        return response.status_code
