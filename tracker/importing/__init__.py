"""A system of record's export → profile → rows → permits. What could not be right goes to the rejects.

`load_profile` and `import_permits` are the way in; every sentence for the clerk is an `ImportProblem`.
"""
