"""Columns and constraints, no behaviour; one module a room of the domain.

Only `surveys` imports these. What the database can refuse, it refuses here or in the
migrations (composite foreign keys, partial indexes, triggers).
"""
