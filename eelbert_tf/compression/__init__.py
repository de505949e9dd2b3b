"""Smaller weights: pruning, clustering and quantization while training, recipes afterwards."""
