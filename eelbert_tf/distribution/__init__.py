"""Training on many devices: several of one machine, or several processes."""
