"""What a head may take of an encoder's outputs; see `TextHead`. Imports no Keras."""

# How many vectors of the encoder's width each gives: of a single text, and of a pair of texts.
TEXT_POOLINGS = {"cls": 1, "mean": 1, "cls_mean": 2}
PAIR_POOLINGS = {**TEXT_POOLINGS, "pair": 5, "aligned_pair": 4}
