"""Trained models behind one interface, whichever runtime computes."""
