"""Trained weights with their model cards, and the one wrapper that opens them."""
