"""Strings to word vectors inside a TensorFlow graph: each distinct word and n-gram once.

Core TensorFlow operations only, so that an exported model needs nothing else. The arithmetic is
that of `words` and `vectors`; here is only the bookkeeping around it.
"""

import collections

import tensorflow as tf

from eelbert_tf.hashing import packing, vectors
from eelbert_tf.hashing.words import segment, windows

# `table`: float32 `(rows, dim)`, special vectors first, then those of the batch's distinct words.
# `rows`: int32, the table row of each word, text after text.
# `starts`, `counts`: int32 `(batch,)`, where the words of each text begin in `rows`, how many.
# `signatures`: int32 `(rows,)`, a signature of the whole word of each table row, 0 of specials.
# `ngrams`: int32 `(rows, signatures)`, what `vectors.bucket_signatures` gives of each table row's
# word, 0 of specials; None where the config has no `bucket_orders`.
HashedText = collections.namedtuple(
    "HashedText", ["table", "rows", "starts", "counts", "signatures", "ngrams"]
)

_CODE_POINTS = 2**21


def hash_text(text, config, max_characters, edit=None):
    """Hash the words of texts.

    Args:
        text: string tensor `(batch,)`, UTF-8.
        config: `HashConfig`.
        max_characters: int. Code points behind these are not read (see `docs/hash.md`).
        edit: optional function from int32 code points `(length,)` to the same, applied to the
            batch's distinct pieces of text with spaces between them (character distortion).

    Returns:
        `HashedText`.
    """
    text, cut = _within_window(text, max_characters)
    pieces = tf.strings.split(text)
    distinct, piece_index = tf.unique(pieces.flat_values)
    # All pieces as one text, with a space behind the last one so that it is never cut off.
    joined = tf.strings.join([tf.strings.reduce_join(distinct, separator=" "), " "])
    code_points = tf.strings.unicode_decode(joined, "UTF-8")
    if edit is not None:
        code_points = edit(code_points)
    segments = segment(code_points[None, :])
    first = tf.cast(tf.where(segments.starts[0])[:, 0], tf.int32)
    last = tf.cast(tf.where(segments.ends[0])[:, 0], tf.int32)
    signatures = _word_signatures(segments, first, last)
    word_vectors = _word_vectors(segments, first, last, signatures, config, max_characters)
    special = packing.special_vectors(config)
    piece_of_character = tf.cumsum(tf.cast(tf.equal(segments.characters[0], 0x20), tf.int32))
    rows, piece_ends = _words_of_pieces(
        tf.gather(piece_of_character, first), piece_index, tf.size(distinct)
    )
    starts = tf.gather(piece_ends, pieces.row_splits[:-1])
    counts = tf.gather(piece_ends, pieces.row_splits[1:]) - starts - cut
    table = tf.concat([special, word_vectors], axis=0)
    signatures = tf.concat([tf.zeros([len(special)], tf.int32), signatures], axis=0)
    ngrams = None
    if config.bucket_orders:
        ngrams = vectors.bucket_signatures(segments, first[None], (last + 1 - first)[None], config)[
            0
        ]
        ngrams = tf.pad(ngrams, [[len(special), 0], [0, 0]])
    return HashedText(table, rows + len(special), starts, counts, signatures, ngrams)


def sequence_rows(hashed, pair, max_words):
    """The layout of the batch's sequences, as long as the longest, and the row at each place.

    Args:
        hashed: `HashedText` of the texts, or of the texts and then of their pairs.
        pair: bool. Whether the second half of `hashed` are the pairs of the first.
        max_words: int.

    Returns:
        `(rows, layout)`, with `hashed.table` the arguments of `packing.encoder_inputs`.
    """
    starts, counts = [hashed.starts], [hashed.counts]
    if pair:
        starts, counts = tf.split(hashed.starts, 2), tf.split(hashed.counts, 2)
    counts = packing.truncated_counts(counts[0], counts[1] if pair else None, max_words)
    totals = counts[0] + 2 if counts[1] is None else counts[0] + counts[1] + 3
    layout = packing.layout(*counts, tf.reduce_max(tf.concat([totals, [2]], axis=0)))
    start = starts[0][:, None]
    if pair:
        start = tf.where(layout.segment_ids > 0, starts[1][:, None], start)
    # A place without a word reads any row that exists.
    rows = tf.concat([hashed.rows, [packing.PAD]], axis=0)
    index = tf.minimum(start + layout.places, tf.size(hashed.rows))
    return tf.gather(rows, index), layout


def _within_window(text, max_characters):
    """Texts cut to the window, and 1 where the last word of the rest may be incomplete."""
    # Fewer bytes cannot be more characters, so short texts are not decoded here.
    long = tf.strings.length(text) >= max_characters

    def cut_long():
        index = tf.where(long)
        head = tf.strings.substr(tf.boolean_mask(text, long), 0, 4 * max_characters)
        window = tf.strings.unicode_decode(head, "UTF-8")[:, :max_characters]
        shortened = tf.strings.unicode_encode(window, "UTF-8")
        segments = segment(window.to_tensor(shape=[None, max_characters]))
        cut = segments.word_index[:, -1] + 1 - segments.word_counts
        return (
            tf.tensor_scatter_nd_update(text, index, shortened),
            tf.scatter_nd(index, cut, tf.shape(text, out_type=tf.int64)),
        )

    return tf.cond(tf.reduce_any(long), cut_long, lambda: (text, tf.zeros_like(long, tf.int32)))


def _word_characters(segments, first, last, reach):
    """The windows of the characters of words, and which word each is in."""
    characters = tf.ragged.range(first, last + 1)
    window = [tf.gather(column[0], characters.flat_values) for column in windows(segments, *reach)]
    return window, tf.cast(characters.value_rowids(), tf.int32)


def _word_signatures(segments, first, last):
    window, word_of_character = _word_characters(segments, first, last, (1, 1))
    return tf.math.segment_sum(vectors.signatures(window, 3), word_of_character)


def _word_vectors(segments, first, last, signatures, config, max_characters):
    """The vector of each word of one flat text: float32 `(words, dim)`."""
    if config.kind == "random":
        counts = tf.ones_like(first)
        sums = vectors.random_values(signatures, config)
    else:
        counts = last + 1 - first
        reach = vectors.window_reach(config)
        window, word_of_character = _word_characters(segments, first, last, reach)
        distinct, index = _distinct_windows(window)
        sums = tf.raw_ops.SparseSegmentSum(
            data=vectors.ngram_values(distinct, config),
            indices=index,
            segment_ids=word_of_character,
        )
    scale = tf.gather(tf.constant(vectors.reciprocals(max_characters)), counts)
    return sums * scale[:, None]


def _distinct_windows(window):
    """Each distinct window once, and which of them stands at each place."""
    if len(window) > 3:  # more do not fit into 63 bits
        return window, tf.range(tf.size(window[0]))
    key = tf.zeros_like(window[0], tf.int64)
    for characters in window:
        key = key * _CODE_POINTS + tf.cast(characters, tf.int64)
    distinct, index = tf.unique(key)
    columns = []
    for _ in window:
        columns.insert(0, tf.cast(distinct % _CODE_POINTS, tf.int32))
        distinct = distinct // _CODE_POINTS
    return columns, index


def _words_of_pieces(piece_of_word, piece_index, distinct_count):
    """The words of every piece in order, and how many come before each piece and after the last."""
    word_counts = tf.math.unsorted_segment_sum(
        tf.ones_like(piece_of_word), piece_of_word, distinct_count
    )
    word_ends = tf.cumsum(word_counts)
    ends = tf.gather(word_ends, piece_index)
    counts = tf.gather(word_counts, piece_index)
    rows = tf.ragged.range(ends - counts, ends).flat_values
    return rows, tf.concat([[0], tf.cumsum(counts)], axis=0)
