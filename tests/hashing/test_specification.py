"""Settings, dimensions of orders, multipliers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eelbert_tf.hashing.specification import HashConfig, to_int32

dims = st.integers(1, 2048)
orders = st.integers(1, 8)
seeds = st.integers(0, 2**63 - 1)


@given(st.integers(-(2**70), 2**70))
def test_to_int32_is_congruent_and_signed(number):
    wrapped = to_int32(number)
    assert -(2**31) <= wrapped < 2**31
    assert (wrapped - number) % 2**32 == 0


@given(dims, orders)
def test_orders_share_all_dimensions_the_longer_the_more(dim, orders):
    sizes = HashConfig(dim, orders).dimensions_of_orders
    assert len(sizes) == orders
    assert sum(sizes) == dim
    exact = [dim * order / (orders * (orders + 1) / 2) for order in range(1, orders + 1)]
    assert all(abs(size - share) < 1 for size, share in zip(sizes, exact, strict=True))
    if dim >= orders * (orders + 1) // 2:
        assert list(sizes) == sorted(sizes)
        assert min(sizes) >= 1


@given(dims)
def test_halves_share_all_dimensions(dim):
    low, high = HashConfig(dim, kind="random").dimensions_of_halves
    assert low + high == dim
    assert 0 <= high - low <= 1


def test_known_shares():
    assert HashConfig(128).dimensions_of_orders == (21, 43, 64)
    assert HashConfig(12).dimensions_of_orders == (2, 4, 6)
    assert HashConfig(37, 4).dimensions_of_orders == (3, 8, 11, 15)
    assert HashConfig(1).dimensions_of_orders == (0, 0, 1)


@given(st.integers(1, 256), seeds)
def test_multipliers_are_distinct_odd_multiples_of_256(dim, seed):
    multipliers = HashConfig(dim, seed=seed).multipliers
    assert len(multipliers) == len(set(multipliers)) == dim
    assert all(-(2**31) <= number < 2**31 for number in multipliers)
    assert all(number % 2**9 == 2**8 for number in multipliers)


@given(st.integers(2, 200), seeds)
def test_no_two_multipliers_have_small_multiples_in_common(dim, seed):
    odd_numbers = [number // 2**8 % 2**24 for number in HashConfig(dim, seed=seed).multipliers]
    multiples = [
        frozenset(factor * number % 2**24 for factor in range(-32, 33) if factor)
        for number in odd_numbers
    ]
    assert sum(map(len, multiples)) == len(frozenset().union(*multiples))


@given(st.integers(1, 200), st.integers(0, 50), seeds)
def test_a_wider_vector_begins_with_the_multipliers_of_a_narrower(dim, more, seed):
    wide = HashConfig(dim + more, seed=seed).multipliers
    assert wide[:dim] == HashConfig(dim, seed=seed).multipliers


def test_first_multipliers_of_seed_0():
    known = (-501176064, 1853398784, 113532160, -125060864, 456755456)
    assert HashConfig(5).multipliers == known


def test_settings_are_values():
    assert HashConfig() == HashConfig(128, 3, "ngram", 0, 1)
    assert hash(HashConfig(12)) == hash(HashConfig(12))
    assert HashConfig(12) != HashConfig(12, seed=1)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"dim": 0}, "`hash_dim` must be at least 1. Received: hash_dim=0."),
        ({"dim": "12"}, "`hash_dim` must be a whole number. Received: hash_dim='12'."),
        ({"orders": 0}, "`hash_orders` must be between 1 and 8. Received: hash_orders=0."),
        ({"orders": 9}, "`hash_orders` must be between 1 and 8. Received: hash_orders=9."),
        (
            {"kind": "bloom"},
            "`hash_kind` must be 'ngram' or 'random'. Received: hash_kind='bloom'.",
        ),
        ({"seed": -1}, "`hash_seed` must be between 0 and 2**63 - 1. Received: hash_seed=-1."),
        ({"seed": 2**63}, f"2**63 - 1. Received: hash_seed={2**63}."),
        ({"version": 2}, "Received: hash_version=2. A newer release may have saved this model"),
        ({"version": 2, "dim": 0}, "upgrade eelbert_tf."),
    ],
)
def test_settings_out_of_range(settings, message):
    with pytest.raises(ValueError) as caught:
        HashConfig(**settings)
    assert message in str(caught.value)
