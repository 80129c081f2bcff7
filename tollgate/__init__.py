"""The rules of Tollgate: pure machine learning, values in and values out."""

__version__ = "0.1.0"
