"""tensorflow-model-optimization: its schedules and engines, which work on variables.

Its wrappers of layers take tf_keras alone. It is slow to import and imports tf_keras, so only what
uses it imports this module.
"""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of a deprecated part of setuptools
    from tensorflow_model_optimization.python.core.clustering.keras import (
        cluster_config,
        clustering_algorithm,
        clustering_centroids,
    )
    from tensorflow_model_optimization.python.core.sparsity.keras import (
        pruning_impl,
        pruning_schedule,
    )

ClusteringAlgorithm = clustering_algorithm.ClusteringAlgorithm
ConstantSparsity = pruning_schedule.ConstantSparsity
GradientAggregation = cluster_config.GradientAggregation
KmeansPlusPlusCentroids = clustering_centroids.KmeansPlusPlusCentroidsInitialisation
PolynomialDecay = pruning_schedule.PolynomialDecay
Pruning = pruning_impl.Pruning
