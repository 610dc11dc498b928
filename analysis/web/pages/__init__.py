"""One module per page; the tab bar is their order.

A page says its route, the tables it shows (so that permissions can be asked) and how to read
them: ``read(conn, visit) -> context``. Templates of the same name draw it.
"""
