"""What was found wrong while a form is compiled, each with the row to go to."""

from collections.abc import Mapping

from surveys.questionnaires.errors import Problem
from surveys.questionnaires.workbooks import Sheet


class Findings:
    """Problems, and what only ODK Collect can evaluate; knows the rows of the sheets."""

    def __init__(self, sheets: Mapping[str, Sheet], problems: list[Problem]) -> None:
        self.problems = problems
        self.collect_only: list[str] = []
        self._questions = {row.cells.get("name"): row.number for row in sheets["survey"].rows}
        self._choices = {
            (row.cells.get("list_name"), row.cells.get("name")): row.number
            for row in reversed(sheets["choices"].rows)
        }

    def of_question(self, name: str, text: str, **values: str) -> None:
        """Note a problem of the question `name`."""
        row = self._questions.get(name, 0)
        self.problems.append(Problem(sheet="survey", row=row, name=name, text=text, values=values))

    def of_choice(self, list_name: str, name: str, text: str, **values: str) -> None:
        """Note a problem of one choice, or of the whole list if `name` is empty."""
        row = self._choices.get((list_name, name), 0)
        values = {"list": list_name, "choice": name, **values}
        self.problems.append(Problem(sheet="choices", row=row, text=text, values=values))

    def of_survey(self, text: str, **values: str) -> None:
        """Note a problem of the form as a whole."""
        self.problems.append(Problem(sheet="survey", text=text, values=values))

    def only_collect(self, name: str, attribute: str, part: str) -> None:
        """Note that our own pages cannot show or check this part."""
        self.collect_only.append(f"{name} {attribute}: {part}")
