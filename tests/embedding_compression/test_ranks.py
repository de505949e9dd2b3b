import pytest
from hypothesis import example, given, strategies

from eelbert_tf.embedding_compression.ranks import compression_ratio, rank_for
from eelbert_tf.errors import UserError


@pytest.mark.parametrize(("ratio", "rank"), [(2.5, 299), (5, 149), (10, 74)])
def test_ratios_of_bert_base_give_the_papers_ranks(ratio, rank):
    assert rank_for(30522, 768, ratio=ratio) == rank


@example(55, 55, 1.1)  # 24 by a quotient that is rounded
@given(strategies.integers(2, 5000), strategies.integers(2, 800), strategies.floats(1.0, 20.0))
def test_the_largest_rank_that_reaches_a_ratio(vocabulary, dim, ratio):
    if ratio > compression_ratio(vocabulary, dim, 1):
        with pytest.raises(UserError, match="`ratio` must be between 1 and"):
            rank_for(vocabulary, dim, ratio=ratio)
        return
    rank = rank_for(vocabulary, dim, ratio=ratio)
    assert compression_ratio(vocabulary, dim, rank) >= ratio
    larger = rank + 1
    assert larger > min(vocabulary, dim) or compression_ratio(vocabulary, dim, larger) < ratio


@pytest.mark.parametrize("rank", [0, -1, 17])
def test_a_rank_above_the_possible_is_told_with_the_largest(rank):
    with pytest.raises(UserError, match="between 1 and 16, the largest.*Received: rank="):
        rank_for(100, 16, rank=rank)


@pytest.mark.parametrize("ratio", [0.5, 0.0, -3, float("nan"), float("inf"), 100])
def test_a_ratio_below_1_or_beyond_rank_1_is_refused(ratio):
    with pytest.raises(UserError, match="`ratio` must be between 1 and 13.8"):
        rank_for(100, 16, ratio=ratio)


def test_one_of_rank_and_ratio_is_given():
    for given_ in ({}, {"rank": 3, "ratio": 2.0}):
        with pytest.raises(UserError, match="One of `rank` and `ratio`"):
            rank_for(100, 16, **given_)
