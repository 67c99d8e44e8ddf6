"""The tables of apology letters and of the portal's files, as reviewed_columns.py has the rest."""

from tests.surveys.reviewed import Reviewed

LETTERS = {
    "apology_letter": Reviewed(
        "that a dossier was late and what its office said of it; no rating, no citizen",
        "account breach dossier due_on fields id made_at new_due_on number reason sent_by sent_on"
        " template",
    ),
    "letter_template": Reviewed("forms of letters", "account agency created_at docx id version"),
    "portal_mapping": Reviewed(
        "headers of files of the portal; none of their rows",
        "account agency changed_at headers id",
    ),
}
