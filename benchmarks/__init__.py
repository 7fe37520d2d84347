"""Accuracy and speed, one command each; the last line printed is JSON. docs/benchmarks.md keeps the last run."""
