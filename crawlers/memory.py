"""How the process gives memory back between pages. A leaf."""

import ctypes

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # malloc.h of glibc
_LARGE = 512 * 1024  # bytes; at 128 KB twice as many pages of memory come and go


def give_back_freed() -> bool:
    """Have glibc hand large blocks back to the system when they are freed; false: it is not glibc.

    Left alone, glibc learns from the first large page that is freed to keep such blocks, and keeps
    an arena a thread: a crawl of 200 sites with pages of 200 KB then holds 40 MB more.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError, TypeError):  # no libc of that kind, or no such call
        return False
    set_ = [mallopt(_TRIM_THRESHOLD, _LARGE), mallopt(_MMAP_THRESHOLD, _LARGE)]
    return all([*set_, mallopt(_ARENA_MAX, 1)])
