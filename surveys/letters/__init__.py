"""Apology letters for late dossiers: who needs one, which were late, which promised twice.

The letter must be sent no later than one day before the due date, and a new date may be promised
once (NĐ 61/2018 Art. 19). docs/letters.md tells how each flag is computed.
"""

from surveys.letters.forms import (
    MOST_BYTES,
    Form,
    form_in_force,
    list_forms,
    read_form_of,
    save_form,
)
from surveys.letters.late import FLAGS, Wanted, count_flags, list_late
from surveys.letters.writing import (
    Letter,
    NewLetter,
    get_letter,
    list_letters,
    mark_sent,
    remove_letter,
    write_letters,
)

__all__ = [
    "FLAGS",
    "MOST_BYTES",
    "Form",
    "Letter",
    "NewLetter",
    "Wanted",
    "count_flags",
    "form_in_force",
    "get_letter",
    "list_forms",
    "list_late",
    "list_letters",
    "mark_sent",
    "read_form_of",
    "remove_letter",
    "save_form",
    "write_letters",
]
