"""Recognizers: each proposes spans; none knows the vault."""
