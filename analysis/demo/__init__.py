"""The sample market: invented companies and two forums, served on loopback, and their truth.

>>> from analysis.demo.server import SampleServer
>>> from analysis.demo.market import sample_market_toml
>>> with SampleServer() as sample:
...     text = sample_market_toml(sample.port)
"""
