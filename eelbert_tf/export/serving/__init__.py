"""A SavedModel as a server wants it: signatures, versions, warm-up."""
