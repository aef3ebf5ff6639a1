"""The city's rules: pure functions, the time passed in, a reason for every no."""
