"""The public results: pages, files, charts and the language they are read in."""

from app.pages.results import agencies, charts, downloads, interface, languages, overview

routes = [
    overview.show_latest,
    overview.show_period,
    agencies.show_agency,
    charts.show_chart,
    downloads.show_downloads,
    downloads.show_dictionary,
    downloads.download,
    interface.give_periods,
    interface.give_results,
    interface.give_agency,
    languages.choose_language,
]
