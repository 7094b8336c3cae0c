"""The same pair rules and criteria, written as others would: with NumPy, pandas and polars."""
