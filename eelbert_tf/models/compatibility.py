"""Whether a backbone and a preprocessor belong together."""

# [CLS] and two [SEP].
SPECIAL_TOKENS_OF_PAIR = 3


def check_compatible(backbone, preprocessor):
    """Raise where a backbone cannot work on what a preprocessor makes.

    Args:
        backbone: `EelbertBackbone` or `CompactBertBackbone`.
        preprocessor: `EelbertPreprocessor` or `WordPiecePreprocessor`, or None or another function,
            which passes.

    Raises:
        ValueError: their hashes differ, or sequences can be longer than the backbone's.
    """
    if not hasattr(preprocessor, "max_words"):
        return
    theirs, own = (getattr(part, "hash_config", None) for part in (preprocessor, backbone))
    if theirs != own:
        raise ValueError(
            "`preprocessor` and `backbone` must have the same hash. Received: "
            f"{theirs} and {own}. Use `EelbertPreprocessor.from_backbone`."
        )
    longest = longest_window(backbone)
    if preprocessor.max_words > longest:
        raise ValueError(
            f"`max_words` must be at most {longest}, the backbone's `max_sequence_length` less "
            f"{SPECIAL_TOKENS_OF_PAIR} special tokens. "
            f"Received: max_words={preprocessor.max_words}."
        )


def longest_window(backbone):
    """The most words of a text, or of a pair in all, that a backbone can read."""
    return backbone.max_sequence_length - SPECIAL_TOKENS_OF_PAIR
