"""Hypothesis draws the same cases in every run, and a slow machine fails no test."""

import hypothesis

hypothesis.settings.register_profile(
    "hashing", derandomize=True, deadline=None, max_examples=60, database=None
)
hypothesis.settings.load_profile("hashing")
