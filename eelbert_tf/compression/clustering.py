"""`WeightClustering`: matrices of few distinct values, which compress well."""

import tensorflow as tf

from eelbert_tf.compression.straight_through import StraightThrough
from eelbert_tf.errors import UserError

# Distances to centroids that are held at once.
_DISTANCES = 2**24
MOST_CLUSTERS = 256


class WeightClustering(StraightThrough):
    """Trains a model whose matrices hold `clusters` distinct values each.

    tensorflow-model-optimization's algorithm: centroids begin at those of k-means++, each number
    takes the nearest, and both learn, a centroid from the mean of what its numbers get.

    Args:
        clusters: int, from 2 to 256. Numbers that are 0 from the start come on top.
        refresh_every: int. Batches after which each number looks for the nearest centroid anew.

    Raises:
        UserError: `clusters` is out of range.

    Example:

    ```python
    model.fit(x, y, callbacks=[WeightClustering(clusters=16)])
    ```
    """

    def __init__(self, clusters=16, refresh_every=10):
        super().__init__(refresh_every)
        if not 2 <= clusters <= MOST_CLUSTERS:
            raise UserError(
                f"`clusters` must be from 2 to {MOST_CLUSTERS}. Received: clusters={clusters}."
            )
        self.clusters = clusters

    def start(self, matrix, rows):
        from eelbert_tf.compression.tfmot import (
            ClusteringAlgorithm,
            GradientAggregation,
            KmeansPlusPlusCentroids,
        )

        present = tf.boolean_mask(rows, tf.not_equal(rows, 0.0))
        if len(tf.unique(present).y) < self.clusters:
            raise UserError(
                f"`clusters` must be at most the number of distinct values of a weight. Received: "
                f"clusters={self.clusters}, {matrix.path} has fewer."
            )
        centroids = KmeansPlusPlusCentroids(present, self.clusters).get_cluster_centroids()
        centroids = tf.Variable(tf.sort(centroids), trainable=False)
        return {
            "rows": rows,
            "centroids": centroids,
            "indices": tf.Variable(tf.zeros(rows.shape, "int64"), trainable=False),
            "algorithm": ClusteringAlgorithm(centroids, GradientAggregation.AVG),
        }

    def refresh(self, kept):
        size = max(1, _DISTANCES // (self.clusters * kept["rows"].shape[1]))
        for start in range(0, kept["rows"].shape[0], size):
            part = slice(start, start + size)
            nearest = kept["algorithm"].get_pulling_indices(kept["rows"][part])
            kept["indices"][part].assign(nearest)

    def advance(self, kept, change):
        rows, centroids, algorithm = kept["rows"], kept["centroids"], kept["algorithm"]
        with tf.GradientTape() as tape:
            tape.watch([rows, centroids])
            clustered = algorithm.get_clustered_weight(kept["indices"], rows)
        # The change, and what the algorithm makes of it for either.
        of_rows, of_centroids = tape.gradient(clustered, [rows, centroids], change)
        rows.assign_add(of_rows)
        centroids.assign_add(of_centroids)
        return tf.gather(centroids, kept["indices"])


def prepare(task, clusters):
    """The callbacks that cluster a task."""
    return [WeightClustering(clusters)]
