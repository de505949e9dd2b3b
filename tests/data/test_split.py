"""Tests of holding out and of label names."""

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eelbert_tf.data.examples import Examples, SkippedRow
from eelbert_tf.data.split import label_names, majority_share, stratified_holdout
from eelbert_tf.errors import UserError


def make(labels, texts=None, pairs=None):
    texts = texts or [f"text {number}" for number in range(len(labels))]
    return Examples(texts, pairs, labels, "data.tsv")


def rows(examples):
    labels = examples.labels or [None] * len(examples)
    pairs = examples.text_pairs or [None] * len(examples)
    return list(zip(examples.texts, pairs, labels, strict=True))


def test_each_class_gives_its_share_and_the_order_is_kept():
    examples = make(["a"] * 100 + ["b"] * 300 + ["c"] * 20)
    train, held_out = stratified_holdout(examples, fraction=0.1)
    assert Counter(held_out.labels) == {"a": 10, "b": 30, "c": 2}
    assert sorted(rows(train) + rows(held_out)) == sorted(rows(examples))
    numbers = [int(text.split()[1]) for text in held_out.texts]
    assert numbers == sorted(numbers)


def test_what_is_held_out_is_the_same_on_every_platform_and_python():
    held_out = stratified_holdout(make(["a", "b"] * 20), fraction=0.15, seed=3)[1]
    assert [int(text.split()[1]) for text in held_out.texts] == [1, 9, 24, 26, 32, 39]


def test_another_seed_holds_out_other_rows():
    examples = make(["a", "b"] * 100)
    first, again, other = (stratified_holdout(examples, seed=seed)[1] for seed in (0, 0, 1))
    assert first == again
    assert first.texts != other.texts


@given(
    st.lists(
        st.tuples(st.sampled_from("abcdefghijklmnop"), st.sampled_from("xyz")),
        min_size=10,
        max_size=60,
    ),
    st.sampled_from([0.01, 0.1, 0.2, 0.5, 0.9, 0.99]),
    st.integers(0, 3),
)
def test_rules_of_the_split(drawn, fraction, seed):
    texts, labels = (list(column) for column in zip(*drawn, strict=True))
    examples = make(labels, texts)
    try:
        train, held_out = stratified_holdout(examples, fraction, seed)
    except UserError as error:
        assert "can be held out" in str(error)
        return
    assert Counter(rows(train)) + Counter(rows(held_out)) == Counter(rows(examples))
    assert set(train.texts).isdisjoint(held_out.texts)
    assert set(train.labels) == set(labels)
    assert len(held_out) <= round(len(examples) * fraction)

    shuffled = list(range(len(examples)))
    random.Random(seed).shuffle(shuffled)
    assert Counter(rows(stratified_holdout(examples.take(shuffled), fraction, seed)[1])) == Counter(
        rows(held_out)
    )


def test_many_small_classes_still_give_rows():
    _, held_out = stratified_holdout(make([f"class {number // 4}" for number in range(600)]))
    assert len(held_out) == 60
    assert max(Counter(held_out.labels).values()) == 1


def test_equal_texts_with_different_pairs_may_part():
    pairs = [f"pair {number}" for number in range(40)]
    train, held_out = stratified_holdout(make(["a"] * 40, ["same"] * 40, pairs))
    assert len(held_out) == 4
    assert set(train.text_pairs).isdisjoint(held_out.text_pairs)


def test_scores_are_taken_over_their_whole_range():
    examples = make([float(number) for number in range(100)])
    held_out = stratified_holdout(examples, fraction=0.2)[1]
    assert Counter(int(score // 20) for score in held_out.labels) == dict.fromkeys(range(5), 4)


def test_without_labels():
    train, held_out = stratified_holdout(make(None, [str(number) for number in range(50)]))
    assert (len(train), len(held_out)) == (45, 5)


def test_skipped_rows_stay_with_the_whole():
    examples = Examples(
        [str(number) for number in range(20)], None, None, "s", [SkippedRow("s", 1, "r", "raw")]
    )
    assert [part.skipped for part in stratified_holdout(examples)] == [[], []]


def test_fewer_than_ten_rows():
    with pytest.raises(UserError, match="at least 10 rows. data.tsv has 9"):
        stratified_holdout(make(["a"] * 9))
    assert len(stratified_holdout(make(["a"] * 10))[1]) == 1


@pytest.mark.parametrize("fraction", [0, 1, -0.5, 2, float("nan")])
def test_fraction_out_of_range(fraction):
    with pytest.raises(UserError, match="`fraction` must be between 0 and 1"):
        stratified_holdout(make(["a"] * 20), fraction=fraction)


@pytest.mark.parametrize(
    "labels, texts",
    [([str(number) for number in range(20)], None), (["a"] * 20, ["same"] * 20)],
)
def test_nothing_can_be_held_out(labels, texts):
    with pytest.raises(UserError, match="Nothing of data.tsv can be held out"):
        stratified_holdout(make(labels, texts))


@pytest.mark.parametrize(
    "labels, names",
    [
        (["10", "2", "2", "1"], ["1", "2", "10"]),
        (["-1", "1", "-2", "0"], ["-2", "-1", "0", "1"]),
        (["b", "a", "10", "2"], ["2", "10", "a", "b"]),
        (["01", "1", "1.0"], ["01", "1", "1.0"]),
        (["nan", "inf", "3"], ["3", "inf", "nan"]),
        (["9" * 5000, "1"], ["1", "9" * 5000]),
    ],
)
def test_label_names(labels, names):
    assert label_names(labels) == names


def test_majority_share():
    assert majority_share(["a", "b", "a", "a"]) == 0.75
    with pytest.raises(UserError, match="at least one label"):
        majority_share([])
