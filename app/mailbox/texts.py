"""The words of a letter: from HTML where there is no plain text, without what is quoted."""

import re
import unicodedata
from html.parser import HTMLParser
from typing import Final

SKIPPED: Final = frozenset({"script", "style", "head", "title"})
BREAKS: Final = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "table", "ul"})

# Where programs for mail begin what they quote, in the two languages that are written here.
QUOTED: Final = re.compile(
    r"""
    ^[ ]*(?:
        -{2,}[ ]*(?:original\ message|forwarded\ message|thư\ gốc|tin\ nhắn\ gốc)\b
        | _{10,}[ ]*$
        | (?:on|vào)\b[^\n]{3,200}(?:\n[^\n]{0,200}){0,2}?(?:wrote|viết)[ ]*:[ ]*$
        | (?:from|từ):[^\n]+\n(?:[^\n]*\n){0,2}?[ ]*(?:sent|date|đã\ gửi|ngày|gửi):
        | >
    )""",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
SIGNATURE: Final = re.compile(r"^--[ ]?$", re.MULTILINE)
# A subject has single blanks only; nobody answers more often, and a longer row is no work of people.
ANSWERED: Final = re.compile(
    r"(?:(?:re|tr|trả lời|fwd?|chuyển tiếp) ?(?:\[\d{1,9}\])?: ?){1,100}", re.IGNORECASE
)
LONGEST_SUBJECT: Final = 2_000


class _Words(HTMLParser):
    def __init__(self, *, with_quotes: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.skipped = SKIPPED if with_quotes else SKIPPED | {"blockquote"}
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self.depth += tag in self.skipped
        if tag in BREAKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.depth = max(0, self.depth - (tag in self.skipped))
        if tag in BREAKS - {"br"}:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.depth:
            self.words.append(re.sub(r"\s+", " ", data))


def words_of_html(html: str, *, with_quotes: bool = True) -> str:
    """What a person reads of a letter in HTML."""
    parser = _Words(with_quotes=with_quotes)
    parser.feed(html)
    parser.close()
    return tidy("\n".join(line.strip() for line in "".join(parser.words).split("\n")))


def fit(text: str) -> str:
    """Composed letters, and none that UTF-8 and the database have no place for."""
    whole = text.replace("\0", "").encode("utf-8", "replace").decode()
    return unicodedata.normalize("NFC", whole)


def tidy(text: str) -> str:
    """Composed letters, no blanks at the ends of lines, no more than one empty line at a time."""
    lines = [line.rstrip() for line in fit(text).replace("\r\n", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def own_words(text: str) -> str:
    """A reply without the letter that it answers and without its signature."""
    found = QUOTED.search(text)
    own = text[: found.start()] if found else text
    signed = SIGNATURE.search(own)
    return tidy(own[: signed.start()] if signed else own)


def subject_of(subject: str) -> str:
    """The subject without Re: and its like."""
    said = " ".join(fit(subject[:LONGEST_SUBJECT]).split())
    found = ANSWERED.match(said)
    return said[found.end() :] if found else said
