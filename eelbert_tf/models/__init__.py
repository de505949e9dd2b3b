"""Backbone, preprocessor and tasks, in KerasHub's manner."""
