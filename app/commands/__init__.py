"""The commands of `sipas`, one module a subject."""

from app.commands import (
    accounts,
    backup,
    demo,
    forms,
    imports,
    index,
    ledger,
    links,
    service,
    simulation,
    upkeep,
)

COMMANDS = (
    service, demo, imports, forms, index, links, accounts, backup, ledger, upkeep, simulation,
)  # fmt: skip
