"""What a plan says: how one kind of file becomes rows of its table."""

from collections.abc import Mapping

import msgspec

from surveys.register.checks import Check


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """One kind: its table, its key, and where the value of each target column comes from."""

    table: str
    key: tuple[str, ...]
    told_key: str
    targets: Mapping[str, str]
    given_by: Mapping[str, str] = {}
    defaults: Mapping[str, str] = {}
    joins: str = ""
    # Rows that refer to rows of the same file get their ids before anything is written.
    own_ids: bool = False
    # Statements before and after `ready` is made.
    before: str = ""
    prepared: str = ""
    # Key columns of which nothing is a value of its own.
    nullable: tuple[str, ...] = ()
    # Statement before the write, for rows that the file replaces by leaving them out.
    clearing: str = ""
    # Query for the ids of dossiers whose cell may have changed.
    touched_dossiers: str = ""
    checks: tuple[Check, ...] = ()

    def column_of(self, target: str) -> str:
        """The column of the file that fills a target."""
        return self.given_by.get(target, target)


def own(*names: str) -> dict[str, str]:
    """Targets that are filled by the column of their own name."""
    return {name: f"s.{name}" for name in names}
