"""Reads that span rows, one module a page or list."""
