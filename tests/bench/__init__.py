"""Benchmarks: each measures the app beside a floor in one run. By hand: ``python -m tests.bench.saves --help``."""
