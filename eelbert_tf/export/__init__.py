"""Trained models to files that run without this package: SavedModel and LiteRT."""
