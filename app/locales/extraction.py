"""The texts that people see, found in the code and the templates."""

from pathlib import Path

from babel.messages.extract import extract_from_dir

ROOT = Path(__file__).parents[2]
FOLDERS = ("app", "surveys")
METHODS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
OPTIONS = {"**/templates/**.html": {"trimmed": "true", "newstyle_gettext": "true"}}
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}

# A text, or the two forms of one that depends on a number.
Text = str | tuple[str, ...]


def find_texts(root: Path = ROOT) -> dict[str, Text]:
    """Every Vietnamese text for people, by its first form."""
    texts: dict[str, Text] = {}
    for folder in FOLDERS:
        found = extract_from_dir(root / folder, METHODS, options_map=OPTIONS, keywords=KEYWORDS)
        for _path, _line, text, _comments, _context in found:
            first = text if isinstance(text, str) else text[0]
            # A text that stands alone in one place and has a plural in another needs both.
            if isinstance(text, tuple) or first not in texts:
                texts[first] = text
    return texts
