"""Finds the packages; all else is in setup.cfg, which cannot name one beside those it finds."""

from setuptools import find_packages, setup

# The one copy of the shipped models is saved_models/, mapped into the package.
setup(packages=[*find_packages(include=["eelbert_tf*"]), "eelbert_tf.saved_models"])
