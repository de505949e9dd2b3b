"""Answers that stand in a text: SQuAD v1.1 (Rajpurkar et al., 2016, arXiv 1606.05250).

File -> questions -> windows of rows -> a model's logits of starts and ends -> characters -> scores.
"""
