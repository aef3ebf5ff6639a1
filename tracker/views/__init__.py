"""Load, check, act, answer."""
