"""What a person would take in place of a small encoder: linear models on features of the words.

Each is a function of `(train, test)`, two `Examples`, that chooses its settings on a tenth held out
of train, and returns `(answers, bytes)`: a label for each test row, and the size of the model.
"""

import itertools
import pathlib
import tempfile

SEED = 0


def hashed_ngrams(train, test):
    """A support vector machine on hashed words and character n-grams (fastText's features)."""
    import pickle

    from classification import linear_model

    model = linear_model()
    model.fit(train.texts, train.labels)
    return list(model.predict(test.texts)), len(pickle.dumps(model))


def fasttext(train, test):
    """fastText's classifier (Joulin et al., 2016, arXiv 1607.01759), with n-grams of characters.

    Needs `pip install fasttext-numpy2-wheel`.
    """

    def fitted(examples, rate, epochs):
        import fasttext

        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "train.txt"
            lines = [
                f"__label__{label} {text}" for text, label in zip(plain(examples), labels(examples))
            ]
            file.write_text("\n".join(lines) + "\n", encoding="utf-8")
            model = fasttext.train_supervised(
                str(file),
                lr=rate,
                epoch=epochs,
                dim=64,
                wordNgrams=2,
                minn=2,
                maxn=5,
                bucket=200_000,
                thread=1,
                seed=SEED,
                verbose=0,
            )
            model.save_model(str(pathlib.Path(folder) / "model.bin"))
            return model, (pathlib.Path(folder) / "model.bin").stat().st_size

    def labels(examples):
        return [str(names.index(label)) for label in examples.labels]

    def answers(model, examples):
        found, _ = model.predict(plain(examples))
        return [names[int(row[0].removeprefix("__label__"))] for row in found]

    names = sorted(set(train.labels))
    rate, epochs = chosen(
        train,
        itertools.product((0.3, 1.0), (10, 30)),
        lambda smaller, held_out, setting: answers(fitted(smaller, *setting)[0], held_out),
    )
    model, size = fitted(train, rate, epochs)
    return answers(model, test), size


def static_vectors(teacher, train, test, dim=256):
    """Vectors of WordPieces from a sentence encoder, each read alone, in a logistic regression.

    The way of model2vec (Tulkens and van Dongen, 2024): principal components of the teacher's
    outputs, weighted by Zipf's law over the order of its vocabulary; a text is their mean.

    Args:
        teacher: directory of a BERT.
    """
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    vectors, tokenizer = piece_vectors(teacher, dim)

    def features(examples):
        rows = [tokenizer(text) for text in plain(examples)]
        means = np.stack([vectors[np.asarray(row, "int64")].mean(axis=0) for row in rows])
        return means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-9)

    def fitted(examples, cost):
        return LogisticRegression(C=cost, max_iter=500).fit(features(examples), examples.labels)

    cost = chosen(
        train,
        (10.0, 100.0, 1000.0),
        lambda smaller, held_out, cost: fitted(smaller, cost).predict(features(held_out)),
    )
    model = fitted(train, cost)
    numbers = vectors.size + model.coef_.size + model.intercept_.size
    return list(model.predict(features(test))), 4 * numbers


def piece_vectors(teacher, dim):
    """`(vectors, tokenizer)`: float32 `(vocabulary, dim)`."""
    import numpy as np
    from sklearn.decomposition import PCA

    from eelbert_tf.models.bert_directory import load_bert

    backbone, tokenizer = load_bert(teacher)
    count = tokenizer.vocabulary_size()
    ids = np.full((count, 3), tokenizer.cls_token_id, "int32")
    ids[:, 1], ids[:, 2] = np.arange(count), tokenizer.sep_token_id
    inputs = {"token_ids": ids, "segment_ids": 0 * ids, "padding_mask": np.ones_like(ids)}
    outputs = backbone.predict(inputs, batch_size=256, verbose=0)["sequence_output"].mean(axis=1)
    vectors = PCA(dim, random_state=SEED).fit_transform(outputs)
    return (vectors * np.log(1 + np.arange(count))[:, None]).astype("float32"), tokenizer


def chosen(train, settings, answers):
    """The first setting of the highest accuracy on held-out rows."""
    from eelbert_tf.data.split import stratified_holdout
    from eelbert_tf.glue.recipe import HELD_OUT, HOLDOUT_SEED

    smaller, held_out = stratified_holdout(train, HELD_OUT, HOLDOUT_SEED)
    return max(settings, key=lambda s: right(answers(smaller, held_out, s), held_out.labels))


def right(answers, labels):
    return sum(a == b for a, b in zip(answers, labels, strict=True))


def plain(examples):
    """Texts in lower case without line ends."""
    return [" ".join(text.lower().split()) for text in examples.texts]
