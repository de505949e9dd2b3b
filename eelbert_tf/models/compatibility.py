"""Whether a backbone and a preprocessor belong together."""

# [CLS] and two [SEP].
SPECIAL_TOKENS_OF_PAIR = 3


def check_compatible(backbone, preprocessor):
    """Raise where a backbone cannot work on what a preprocessor makes.

    Args:
        backbone: `EelbertBackbone`.
        preprocessor: `EelbertPreprocessor`, or None or another function, which passes.

    Raises:
        ValueError: their hashes differ, or sequences can be longer than the backbone's.
    """
    theirs = getattr(preprocessor, "hash_config", None)
    if theirs is None:
        return
    if theirs != backbone.hash_config:
        raise ValueError(
            "`preprocessor` and `backbone` must have the same hash. Received: "
            f"{theirs} and {backbone.hash_config}. Use `EelbertPreprocessor.from_backbone`."
        )
    longest = backbone.max_sequence_length - SPECIAL_TOKENS_OF_PAIR
    if preprocessor.max_words > longest:
        raise ValueError(
            f"`max_words` must be at most {longest}, the backbone's `max_sequence_length` less "
            f"{SPECIAL_TOKENS_OF_PAIR} special tokens. "
            f"Received: max_words={preprocessor.max_words}."
        )
