"""Benchmarks: each measures, in one run, the app beside a floor. Run by hand: ``python -m tests.bench.saves --help``."""
