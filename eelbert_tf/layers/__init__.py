"""Keras layers: from text or code points to word vectors."""
