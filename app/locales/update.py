"""`python -m app.locales.update` brings the catalogues in step with the texts."""

from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from app.locales.extraction import Text, find_texts

HERE = Path(__file__).parent

# Babel's own header holds dates and versions, which would change with every run.
HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""


def update_catalogue(path: Path, language: str, texts: dict[str, Text]) -> list[str]:
    """Write the catalogue anew for these texts; the texts that it cannot translate yet."""
    old = read_catalogue(path, language)
    new = Catalog(locale=language)
    for first, text in texts.items():
        known = old.get(first)
        kept = known if known and known.pluralizable == isinstance(text, tuple) else None
        new.add(text, kept.string if kept else "", user_comments=kept.user_comments if kept else ())
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(HEADER.format(language=language, plurals=new.plural_forms).encode())
        write_po(file, new, width=0, no_location=True, omit_header=True, sort_output=True)
    return sorted(first for first in texts if not _is_translated(new.get(first)))


def _is_translated(message: Message | None) -> bool:
    forms = (message.string or "") if message else ""
    return all([forms] if isinstance(forms, str) else forms)


def read_catalogue(path: Path, language: str) -> Catalog:
    """The catalogue as it is; empty where there is none yet."""
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def main() -> None:
    """Update every language and print what is left to translate."""
    texts = find_texts()
    for folder in sorted(HERE.glob("*/LC_MESSAGES")):
        language = folder.parent.name
        missing = update_catalogue(folder / "sipas.po", language, texts)
        print(f"{language}: {len(texts)} texts, {len(missing)} to translate")  # noqa: T201
        for text in missing:
            print(f"  {text}")  # noqa: T201


if __name__ == "__main__":
    main()
