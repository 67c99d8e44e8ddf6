"""What is said of a table whose columns a person has read."""

from typing import NamedTuple


class Reviewed(NamedTuple):
    """What a table may tell, and the columns that were read."""

    tells: str
    columns: str
