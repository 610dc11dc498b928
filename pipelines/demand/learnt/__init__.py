"""What is learnt from texts written for it, beside the rules: linear models over words and rules.

Pure. ``python -m bench.demand_learning`` makes ``models/*.json`` from ``bench/texts/demand``.
"""
