"""Pictures drawn without JavaScript: what each shows, and its geometry, as pure functions.

A picture is a frozen dataclass here and a macro of the same name under
``templates/rivalmap/pictures``; its rows carry addresses on the desk and none in a report.
"""
