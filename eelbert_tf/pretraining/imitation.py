"""Imitation: the part from words to vectors learns a teacher's mean vector of each word.

It costs a minute, since words are learnt by themselves and not in running text, and it comes before
the encoder is trained. It helps where that part has weights: a transform of the hash, buckets of
n-grams, a token table. In the paper's form it has none, and only the normalization learns.
"""

import collections

import numpy as np

from eelbert_tf.pretraining.word_inputs import looked_up

# `numbers`: int32 `(words,)`; `counts`: int64 `(words,)`; `vectors`: float32 `(words, token_dim)`.
WordMeans = collections.namedtuple("WordMeans", ["numbers", "counts", "vectors"])


def imitate(backbone, inputs, means, steps, learning_rate=5e-3, words=2048, seed=0):
    """Train the embeddings of a backbone, in place.

    Args:
        backbone: `EelbertBackbone`, or KerasHub's `BertBackbone`.
        inputs: `HashedInputs` or `PieceInputs` of the words of the shards.
        means: `WordMeans`, what is to be imitated.
        steps: int. Batches of words, which are drawn in proportion to the root of their count.
        learning_rate: float. The highest; it falls to 0 along a cosine.
        words: int. Of a batch.
        seed: int.

    Returns:
        A function from numbers of words, int32 `(words,)`, to the vectors that were learnt.
    """
    import keras
    from keras import ops

    embeddings = backbone.get_layer("embeddings_layer_norm").output
    mask = keras.Input((None,), dtype="float32", name="word_mask")
    summed = ops.sum(ops.cast(embeddings, "float32") * mask[..., None], axis=1)
    outputs = keras.layers.Dense(means.vectors.shape[1], name="teacher_words")(summed)
    model = keras.Model({**backbone.input, "word_mask": mask}, outputs)
    options = {"jit_compile": False} if keras.config.backend() == "tensorflow" else {}
    schedule = keras.optimizers.schedules.CosineDecay(learning_rate, steps)
    model.compile(keras.optimizers.Adam(schedule), "mean_squared_error", **options)

    def batch(numbers):
        x, word_index = inputs(numbers[:, None])
        if inputs.as_rows:
            x = looked_up(inputs.tables, x)
        inside = (word_index >= 0).astype("float32")
        return {**x, "word_mask": inside / inside.sum(axis=1, keepdims=True)}

    rng = np.random.default_rng(seed)
    edges = np.cumsum(np.sqrt(means.counts))
    for _ in range(steps):
        rows = np.searchsorted(edges, rng.random(words) * edges[-1], side="right")
        model.train_on_batch(batch(means.numbers[rows]), means.vectors[rows])

    def learnt(numbers):
        parts = np.array_split(numbers, -(-len(numbers) // words))
        return np.concatenate([np.asarray(model.predict_on_batch(batch(p))) for p in parts])

    return learnt


def word_means(targets, shards, minimum=2):
    """The teacher's mean vector of each word that it has read often enough.

    Returns:
        `WordMeans`, the vectors of a mean square of 1.
    """
    import scipy.sparse

    size = shards.manifest["distinct_words"]
    sums, counts = np.zeros((size, len(targets.scale)), "float32"), np.zeros(size, "int64")
    for index in targets.shards:
        numbers, _ = shards.load(index)
        tokens, _ = targets.load(index)
        # A sparse product adds up the rows of each word.
        ones = np.ones(len(numbers), "float32")
        places = numbers, np.arange(len(numbers))
        matrix = scipy.sparse.csr_matrix((ones, places), (size, len(numbers)))
        sums += matrix @ np.asarray(tokens, "float32")
        counts += np.bincount(numbers, minlength=size)
    kept = np.flatnonzero(counts >= minimum)
    means = sums[kept] * targets.scale / counts[kept, None]
    means /= np.sqrt(np.square(means).mean())
    return WordMeans(kept.astype("int32"), counts[kept], means)
