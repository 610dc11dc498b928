"""Measurements, run by hand: ``python -m bench`` lists them, ``python -m bench NAME`` runs one."""
