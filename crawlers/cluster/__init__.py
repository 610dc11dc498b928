"""Crawling from several processes or machines: the frontier on Redis, and workers that lease it.

A *site* (a registrable domain) belongs to one worker at a time, by a lease that runs out when the
worker dies; a *target* stays on the frontier until the item made of it lies in the stream. Both
moves are one Lua script each, so no death between two commands can lose or double anything. Needs
the extra ``cluster`` (scrapy-redis); imported by ``scrapy work`` and ``research --redis`` only.
"""
