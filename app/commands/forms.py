"""`sipas questionnaire publish FILE` makes an XLSForm the version in force."""

import argparse
from pathlib import Path
from typing import Any

from app.settings import Settings
from surveys.errors import InputError
from surveys.questionnaires import QuestionnaireError, publish_form


def add_parser(subparsers: Any) -> None:
    """Add the commands of this room."""
    parser = subparsers.add_parser("questionnaire", help="publish a questionnaire")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    publish = actions.add_parser("publish", help="make an XLSForm the version in force")
    publish.add_argument("file", type=Path)
    publish.set_defaults(handler=run_publish)


async def run_publish(options: argparse.Namespace, _settings: Settings) -> int:
    """Publish, or tell every fault of the form."""
    if not options.file.is_file():
        raise InputError(f"There is no file {options.file}. Give the path of an .xlsx form.")
    try:
        version = await publish_form(options.file.read_bytes())
    except QuestionnaireError as error:
        raise InputError(str(error)) from error
    print(f"Published as version {version}.")
    return 0
