"""Words that are hidden, replaced or swapped, for a model to tell what was there."""

import dataclasses

import numpy as np

# What was done to a word.
KEPT, MASKED, RANDOM, SHUFFLED = range(4)


@dataclasses.dataclass(frozen=True)
class Corruption:
    """Shares of the words that change.

    Args:
        masked: float. Hidden behind `[MASK]`.
        random: float. Replaced by another word, drawn from the words of the batch.
        shuffled: float. Swapped with other words of the same sequence.
    """

    masked: float = 0.0
    random: float = 0.0
    shuffled: float = 0.0

    def __call__(self, numbers, mask_number, rng):
        """Corrupt a batch.

        Args:
            numbers: int32 `(batch, length)`, -1 behind the last word.
            mask_number: int, the number that stands for `[MASK]`.
            rng: `numpy.random.Generator`.

        Returns:
            `(numbers, kinds)`: the corrupted words, and int8 `(batch, length)` of what was done.
        """
        draws = rng.random(numbers.shape)
        inside = numbers >= 0
        kinds = np.select(
            [
                draws < self.masked,
                draws < self.masked + self.random,
                draws < self.masked + self.random + self.shuffled,
            ],
            [MASKED, RANDOM, SHUFFLED],
            KEPT,
        ).astype("int8")
        kinds[~inside] = KEPT
        changed = numbers.copy()
        changed[kinds == MASKED] = mask_number
        random = kinds == RANDOM
        changed[random] = rng.choice(numbers[inside], random.sum())
        self._shuffle(changed, numbers, kinds, rng)
        kinds[((kinds == RANDOM) | (kinds == SHUFFLED)) & (changed == numbers)] = KEPT
        return changed, kinds

    @staticmethod
    def _shuffle(changed, numbers, kinds, rng):
        """Move the chosen words of each sequence around by one, in a random order."""
        rows, places = np.nonzero(kinds == SHUFFLED)
        order = np.lexsort((rng.random(len(rows)), rows))
        rows, places = rows[order], places[order]
        # The next chosen place of the same sequence; the last one takes the first.
        starts = np.flatnonzero(np.diff(rows, prepend=-1))
        following = np.arange(len(rows)) + 1
        following[np.append(starts[1:], len(rows))[: len(starts)] - 1] = starts
        changed[rows, places] = numbers[rows[following], places[following]]
