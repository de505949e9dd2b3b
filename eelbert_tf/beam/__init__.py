"""Apache Beam, an extra: pipelines of this package, run on any of its runners."""
