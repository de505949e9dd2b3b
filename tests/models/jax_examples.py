"""What the JAX process trains on, and the tests compare."""

NAMES = ["bad", "good"]
TEXTS = ["a great film", "really good!", "dreadful", "so bad, so boring"] * 4
LABELS = ["good", "good", "bad", "bad"] * 4

# Windows that some of the texts fill, and texts of many scripts and lengths.
LIMITS = {"hash_dim": 16, "max_words": 40, "max_characters": 70}
MIXED_TEXTS = ["", "Żółw, 東京!", "word " * 30, "x" * 70, "x" * 69, "don't" + " " * 80 + "a"]
