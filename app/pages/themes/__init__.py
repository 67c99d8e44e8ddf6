"""What comments are about: reading and confirming, the list of themes, the report of a period."""

from app.pages.themes import comments, listing, report

routes = [
    comments.show_comments,
    comments.post_themes,
    listing.show_list,
    listing.show_theme,
    listing.post_theme,
    report.show_report,
    report.post_report,
    report.post_withdrawal,
]
