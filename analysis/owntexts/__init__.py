"""The researcher's own texts: survey answers, interviews, support mails, shop exports.

Files to rows (:mod:`tables`, :mod:`mails`), rows to texts (:mod:`columns`, :mod:`texts`), texts to
posts of a source of their own (:mod:`storing`). docs/own-texts.md.
"""
