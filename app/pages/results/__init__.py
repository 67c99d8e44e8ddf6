"""The public results: pages, files, charts and the language they are read in."""

from app.pages.results import agencies, charts, downloads, languages, overview

routes = [
    overview.show_latest,
    overview.show_period,
    agencies.show_agency,
    charts.show_chart,
    downloads.show_downloads,
    downloads.show_dictionary,
    downloads.download,
    languages.choose_language,
]
