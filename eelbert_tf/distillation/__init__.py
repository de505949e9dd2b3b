"""Distillation in two stages: a student learns a teacher's layers, then its answers."""
