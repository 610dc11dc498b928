"""One module per question of the research: ``answer(conn) -> dict``, ready for JSON.

An answer is computed in the summaries pass, by person as well as by post, and stored; a page
shows what is stored. Every answer carries ``sample``: ``posts``, ``people`` and whether they are
``enough`` to say something; every share its people, its base and its interval
(:func:`analysis.questions.sample.share`).
"""

SHAPE = 3
"""Grows when an answer's keys change: pages show a stored answer of another shape as not computed,
until `refresh` has run."""
