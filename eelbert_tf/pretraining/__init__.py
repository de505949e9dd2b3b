"""Pretraining: corpus -> shards -> teacher targets -> sequences -> objectives -> training.

`shards`, `sequences` and all that they need import neither TensorFlow nor JAX.
"""
