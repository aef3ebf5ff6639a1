"""Writes: one verb, one transaction. Rules give the reasons, the database has the last word."""
