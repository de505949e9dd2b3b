"""The sequence rules of `docs/hash.md` in plain Python."""


def truncated(words, pair_words, max_words):
    """How many words of each text stay: the longer gives way word by word, the second on a tie."""
    if pair_words is None:
        return min(words, max_words), None
    while words + pair_words > max_words:
        if words > pair_words:
            words -= 1
        else:
            pair_words -= 1
    return words, pair_words


def sequence(words, pair_words, length):
    """`(tokens, segment_ids)`: "a0" is the first word of the first text, "b0" of the second."""
    tokens = ["[CLS]", *(f"a{place}" for place in range(words)), "[SEP]"]
    segment_ids = [0] * len(tokens)
    if pair_words is not None:
        second = [*(f"b{place}" for place in range(pair_words)), "[SEP]"]
        tokens += second
        segment_ids += [1] * len(second)
    padding = length - len(tokens)
    return tokens + ["[PAD]"] * padding, segment_ids + [0] * padding
