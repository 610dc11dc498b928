"""Proofs of survival, run by hand (docs/reliability.md): ``python -m bench.faults.NAME``."""
