"""Batch scoring: files of texts to files of labels, as an Apache Beam pipeline."""
