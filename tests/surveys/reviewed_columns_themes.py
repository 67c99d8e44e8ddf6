"""The tables of themes, read by the person who asked the same question (reviewed_columns.py)."""

from tests.surveys.reviewed import Reviewed

THEMES = {
    "theme_version": Reviewed(
        "the list of themes",
        "account changed_at factor id key name name_en retired seeds version",
    ),
    "comment_suggestion": Reviewed(
        "a comment's suggested themes; a random id, no time: what its text says already",
        "comment first id second",
    ),
    "comment_theme": Reviewed(
        "a comment's confirmed themes; a random id, no time",
        "account comment id theme",
    ),
    "theme_report": Reviewed(
        "counts of themes as published",
        "account document id period published_at questionnaire withdrawn_at",
    ),
    "theme_reply": Reviewed(
        "what an agency says to a theme",
        "account agency at id report text theme",
    ),
}
