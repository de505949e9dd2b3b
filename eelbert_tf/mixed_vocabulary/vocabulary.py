"""The student's WordPieces: learnt from the counts of a corpus' words, or read from a file."""

import collections
import pathlib

from eelbert_tf.errors import UserError
from eelbert_tf.models.word_pieces import SPECIAL_PIECES

# The trainer comes as near as this, from above; what is too many is left out.
_SLACK = 0.02
# Rare words change a small vocabulary little, and cost most of the time.
_WORDS_OF_PIECE = 4
# Each character is in the vocabulary twice, as a word's beginning and behind it.
_PIECES_OF_CHARACTER, _CHARACTERS = 20, 64


def learn_vocabulary(words, counts, vocabulary_size=4928):
    """Learn a WordPiece vocabulary by tensorflow-text's trainer, KerasHub's too.

    It reads each distinct word once, with its count, so that it takes as long for any corpus: a
    minute for 4,928 pieces. Only the most frequent words are read, four times as many as pieces,
    and only the most frequent characters are kept, a tenth of the pieces or 64; words with others
    become `[UNK]`.

    Args:
        words: list of str, the distinct words of a corpus, the most frequent first.
        counts: how often each occurs.
        vocabulary_size: int, above the 5 special pieces.

    Returns:
        A list of `vocabulary_size` pieces, the special ones first; fewer where the words give no
        more.

    Raises:
        UserError: the vocabulary is too small for the special pieces.

    Example:

    ```python
    pieces = learn_vocabulary(*Shards("shards").words(), vocabulary_size=4928)
    ```
    """
    from tensorflow_text.tools.wordpiece_vocab import wordpiece_tokenizer_learner_lib as learner

    if vocabulary_size <= len(SPECIAL_PIECES):
        raise UserError(
            f"`vocabulary_size` must be above {len(SPECIAL_PIECES)}, the special pieces. "
            f"Received: vocabulary_size={vocabulary_size}."
        )
    pieces = learner.learn(
        list(zip(words, map(int, counts))),
        vocab_size=round(vocabulary_size / (1 - _SLACK)),
        reserved_tokens=list(SPECIAL_PIECES),
        lower_thresh=1,
        max_input_tokens=_WORDS_OF_PIECE * vocabulary_size,
        max_unique_chars=max(_CHARACTERS, vocabulary_size // _PIECES_OF_CHARACTER),
        slack_ratio=_SLACK,
    )
    # The most frequent come first. Without a character's piece, all words with it would be unknown.
    longer = [piece for piece in pieces[len(SPECIAL_PIECES) :] if len(piece.removeprefix("##")) > 1]
    dropped = {*longer[max(0, len(longer) - max(0, len(pieces) - vocabulary_size)) :]}
    return [piece for piece in pieces if piece not in dropped][:vocabulary_size]


def read_vocabulary(path):
    """The pieces of a vocabulary file, one a line.

    Raises:
        UserError: it cannot be read, or see `check_vocabulary`.
    """
    try:
        lines = pathlib.Path(path).read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"The vocabulary {path} cannot be read: {error}.") from error
    pieces = [line.rstrip("\r") for line in (lines if lines[-1] else lines[:-1])]
    check_vocabulary(pieces, path)
    return pieces


def check_vocabulary(pieces, source):
    """Raise where a vocabulary cannot be a BERT's.

    Args:
        pieces: list of str.
        source: str or path, told in the error.

    Raises:
        UserError: a piece stands there twice, or a special one is missing.
    """
    missing = [piece for piece in SPECIAL_PIECES if piece not in pieces]
    if missing:
        raise UserError(
            f"A vocabulary must hold the special pieces {', '.join(SPECIAL_PIECES)}. Missing in "
            f"{source}: {', '.join(missing)}. Add a line for each."
        )
    [(piece, count)] = collections.Counter(pieces).most_common(1)
    if count > 1:
        places = [str(number) for number, other in enumerate(pieces, 1) if other == piece]
        raise UserError(
            f"A vocabulary must hold each piece once. Received: {piece!r} in lines "
            f"{', '.join(places[:5])} of {source}. Remove all but one."
        )


def student_tokenizer(pieces):
    """`keras_hub.models.BertTokenizer` of a vocabulary, lower-casing and without accents."""
    import keras_hub

    return keras_hub.models.BertTokenizer(vocabulary=pieces, lowercase=True, strip_accents=True)
