"""Mixed-vocabulary training: from a teacher with a large vocabulary to a student with a small one.

vocabulary -> mixed pieces -> Stage I (teacher, both embeddings) -> Stage II (student alone). Zhao,
Gupta, Song, Zhou, arXiv 1909.11687: "Extremely small BERT models from mixed-vocabulary training"
(version 2), and "Extreme language model compression with optimal subwords and shared projections"
(version 1).
"""
