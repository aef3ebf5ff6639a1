"""Shape and words of input. One class serves the check of a single field and the submit."""
