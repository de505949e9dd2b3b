"""A trained BERT's token table as the product of two smaller matrices.

Direction is what you need (Balazy et al., 2021, arXiv 2106.08181).
"""
