"""The bundled utterances are written, not expanded, and hard enough to tell models apart."""

import collections
import re

from eelbert_tf.data.assistant import assistant_path
from eelbert_tf.data.read import read_examples

TRAIN = read_examples(assistant_path("train"))
TEST = read_examples(assistant_path("test"))


def words(text):
    return re.findall(r"[^\W_]+(?:'[^\W_]+)?", text.lower())


def test_size():
    counts = collections.Counter(TRAIN.labels + TEST.labels)
    assert len(TRAIN) + len(TEST) >= 2000
    assert len(counts) >= 12
    assert set(TRAIN.labels) == set(TEST.labels)
    assert min(counts.values()) >= 100


def test_few_rows_share_four_words_in_a_row():
    rows_of_frame = collections.defaultdict(set)
    texts = TRAIN.texts + TEST.texts
    for row, text in enumerate(texts):
        tokens = words(text)
        for start in range(len(tokens) - 3):
            rows_of_frame[tuple(tokens[start : start + 4])].add(row)
    sharing = {row for rows in rows_of_frame.values() if len(rows) > 1 for row in rows}
    assert len(sharing) <= 0.05 * len(texts)


def test_phrasings_of_the_test_part_are_not_in_training():
    frames = {tuple(words(t)[i : i + 4]) for t in TRAIN.texts for i in range(len(words(t)) - 3)}
    for text in TEST.texts:
        tokens = words(text)
        assert frames.isdisjoint(tuple(tokens[i : i + 4]) for i in range(len(tokens) - 3)), text


def test_no_near_duplicates_across_the_split():
    def grams(text):
        return {text.lower()[i : i + 5] for i in range(max(1, len(text) - 4))}

    train = [grams(text) for text in TRAIN.texts]
    rows_of_gram = collections.defaultdict(list)
    for row, mine in enumerate(train):
        for gram in mine:
            rows_of_gram[gram].append(row)
    for text in TEST.texts:
        mine = grams(text)
        shared = collections.Counter(row for gram in mine for row in rows_of_gram[gram])
        for row, common in shared.items():
            jaccard = common / (len(mine) + len(train[row]) - common)
            assert jaccard <= 0.7, (text, TRAIN.texts[row])


def test_manners_differ():
    lengths = [len(words(text)) for text in TRAIN.texts]
    assert min(lengths) <= 2 and max(lengths) >= 20
    lower = sum(text == text.lower() for text in TRAIN.texts)
    assert 0.1 * len(TRAIN) < lower < 0.9 * len(TRAIN)
    assert sum(not text.isascii() for text in TRAIN.texts) >= 20


def test_a_linear_model_stays_below_97_percent():
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    features = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True)
    model = make_pipeline(features, LogisticRegression(C=10.0, max_iter=200))
    model.fit(TRAIN.texts, TRAIN.labels)
    score = model.score(TEST.texts, TEST.labels)
    # Well above chance, or labels and texts would not belong together.
    assert 0.7 < score < 0.97
