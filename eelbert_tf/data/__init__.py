"""Reading and splitting labelled texts, without TensorFlow unless a source is `tfds:NAME`."""
