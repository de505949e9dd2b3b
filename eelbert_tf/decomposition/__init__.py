"""Trained encoders in factors that their matrices share (Ren et al., 2022, arXiv 2205.10036)."""
