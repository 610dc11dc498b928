"""A market's answers to take away: one HTML file, Markdown or Excel; whole, or of a week.

A report is built once, as plain text and numbers (:mod:`analysis.reports.document`), and written in
three forms; each form escapes what it is given, so nothing crawled is ever markup in any of them.
"""
