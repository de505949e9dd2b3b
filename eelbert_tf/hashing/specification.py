"""Constants and settings of the hash, version 1. Plain Python; see `docs/hash.md`."""

import dataclasses
import functools
import operator

HASH_VERSION = 1

# Character classes, in the low two bits of a character table value.
SPACE, DROP, SOLO, WORD = range(4)

APOSTROPHE = 0x27
REPLACEMENT = 0xFFFD
# What a window reads before and after its word. Control characters are spaces, so no word
# can hold these.
START_MARK, END_MARK = 2, 3

# The polynomial's base and the multipliers of the mixing step ("lowbias32", C. Wellons, 2018).
POLYNOMIAL_BASE = 0x9E3779B1
MIX_MULTIPLIERS = (0x7FEB352D, 0x846CA68B)
MIX_SHIFTS = (16, 15, 16)
# Told apart from n-grams, and the two halves of a random vector from each other.
WHOLE_WORD_STEP = 0x6A09E667

# A product of signature and seed is a multiple of 2^8; its top 12 bits are the value.
SEED_SHIFT = 8
VALUE_BITS = 12
VALUE_SCALE = 2 ** (VALUE_BITS - 1)
# Sums of at most this many values are exact in float32, whatever the order of adding.
MAX_CHARACTERS = 2**24 // VALUE_SCALE

# The characters of a word, from its first, whose n-grams are looked up in trained buckets.
BUCKET_CHARACTERS = 12

SPECIAL_TOKENS = ("[PAD]", "[CLS]", "[SEP]", "[MASK]")


def to_int32(number):
    """The signed 32-bit integer congruent to `number` modulo 2^32."""
    return (number + 2**31) % 2**32 - 2**31


@dataclasses.dataclass(frozen=True)
class HashConfig:
    """Settings that fix the vector of every word.

    Args:
        dim: int, at least 1. Length of a word's vector.
        orders: int, 1 to 8. The n-grams of orders 1 to `orders` are hashed.
        kind: `"ngram"` (n-gram pooling) or `"random"` (one pseudo-random vector a word).
        seed: int, 0 to 2^63 - 1. Everything pseudo-random derives from it.
        version: int. The version of the hash; only 1 exists.
        bucket_orders: tuple of int, 1 to 8. Orders of the n-grams whose signatures are given
            beside the vector, for a trained table of buckets; none by default.

    Raises:
        ValueError: a setting is out of range, or the version is not known.

    Example:

    >>> HashConfig(dim=128).dimensions_of_orders
    (21, 43, 64)
    """

    dim: int = 128
    orders: int = 3
    kind: str = "ngram"
    seed: int = 0
    version: int = HASH_VERSION
    bucket_orders: tuple = ()

    def __post_init__(self):
        check_version(self.version)
        for name in ("dim", "orders", "seed"):
            # NumPy's integers become Python's, so that configs are JSON.
            object.__setattr__(self, name, _integer(name, getattr(self, name)))
        if self.dim < 1:
            raise ValueError(f"`hash_dim` must be at least 1. Received: hash_dim={self.dim}.")
        if not 1 <= self.orders <= 8:
            raise ValueError(
                f"`hash_orders` must be between 1 and 8. Received: hash_orders={self.orders}."
            )
        if self.kind not in ("ngram", "random"):
            raise ValueError(
                f"`hash_kind` must be 'ngram' or 'random'. Received: hash_kind={self.kind!r}."
            )
        if not 0 <= self.seed < 2**63:
            raise ValueError(
                f"`hash_seed` must be between 0 and 2**63 - 1. Received: hash_seed={self.seed}."
            )

        object.__setattr__(self, "bucket_orders", tuple(self.bucket_orders))
        if not all(1 <= order <= 8 for order in self.bucket_orders):
            raise ValueError(
                "`bucket_orders` must be between 1 and 8. "
                f"Received: bucket_orders={self.bucket_orders}."
            )

    @property
    def signatures_of_word(self):
        """How many signatures of a word are given for buckets: of its n-grams, and its own."""
        return len(self.bucket_orders) * BUCKET_CHARACTERS + 1 if self.bucket_orders else 0

    @property
    def dimensions_of_orders(self):
        """Dimensions of each n-gram order: order n takes a share of n, rounded cumulatively."""
        total = self.orders * (self.orders + 1) // 2
        bounds = [self.dim * (n * (n + 1) // 2) // total for n in range(self.orders + 1)]
        return tuple(high - low for low, high in zip(bounds, bounds[1:]))

    @property
    def dimensions_of_halves(self):
        """Dimensions of the two halves of a random vector."""
        return (self.dim // 2, self.dim - self.dim // 2)

    @property
    def multipliers(self):
        """A tuple of `dim` int32 numbers, odd multiples of 2^8."""
        return _multipliers(self.seed, self.dim)


def _integer(name, value):
    try:
        return operator.index(value)
    except TypeError:
        raise ValueError(
            f"`hash_{name}` must be a whole number. Received: hash_{name}={value!r}."
        ) from None


def check_version(version):
    """Raise `ValueError` where a version of the hash is not known."""
    if version != HASH_VERSION:
        raise ValueError(
            f"`hash_version` must be {HASH_VERSION}, the only version that this release of "
            f"eelbert_tf knows. Received: hash_version={version}. A newer release may "
            "have saved this model: upgrade eelbert_tf."
        )


@functools.lru_cache(maxsize=32)
def _multipliers(seed, dim):
    odd_numbers, taken = [], set()
    state = seed
    while len(odd_numbers) < dim:
        state, random = _split_mix_64(state)
        candidate = (random >> 40) | 1
        multiples = _small_multiples(candidate)
        # Two multipliers with a * m = b * n for small m and n give correlated dimensions.
        if taken.isdisjoint(multiples):
            taken.update(multiples)
            odd_numbers.append(candidate)
    return tuple(to_int32(number << SEED_SHIFT) for number in odd_numbers)


def _small_multiples(number):
    return {sign * factor * number % 2**24 for factor in range(1, 33) for sign in (1, -1)}


def _split_mix_64(state):
    """One step of SplitMix64 (Steele, Lea, Flood, 2014): the new state and 64 random bits."""
    state = (state + 0x9E3779B97F4A7C15) % 2**64
    z = state
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB % 2**64
    return state, z ^ (z >> 31)
