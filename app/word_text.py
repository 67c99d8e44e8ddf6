"""The words of a Word file in their order: paragraphs and tables, with places and weights."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.table import Table
from docx.text.paragraph import Paragraph

Block = dict[str, Any]

PLACES = {
    WD_ALIGN_PARAGRAPH.CENTER: "center",
    WD_ALIGN_PARAGRAPH.RIGHT: "right",
    WD_ALIGN_PARAGRAPH.JUSTIFY: "justify",
}


def read_blocks(docx: bytes) -> list[Block]:
    """Every paragraph and table of the body; pictures are left out."""
    return [_block(one) for one in Document(BytesIO(docx)).iter_inner_content()]


def _block(one: Paragraph | Table) -> Block:
    return _table(one) if isinstance(one, Table) else _paragraph(one)


def _table(table: Table) -> Block:
    rows = [
        [[_block(inner) for inner in cell.iter_inner_content()] for cell in row.cells]
        for row in table.rows
    ]
    lined = bool(table.style and table.style.name != "Normal Table")
    return {"kind": "table", "columns": len(table.columns), "rows": rows, "lined": lined}


def _paragraph(paragraph: Paragraph) -> Block:
    shape = paragraph.paragraph_format
    return {
        "kind": "paragraph",
        "align": PLACES.get(paragraph.alignment, "left"),  # type: ignore[arg-type]
        "indent": bool(shape.first_line_indent and shape.first_line_indent > 0),
        "runs": list(_runs(paragraph)),
    }


def _runs(paragraph: Paragraph) -> Iterator[dict[str, Any]]:
    for run in paragraph.runs:
        if run.text:
            yield {
                "text": run.text,
                "bold": bool(run.bold),
                "italic": bool(run.italic),
                "underline": bool(run.underline),
                "size": run.font.size.pt if run.font.size else 0,
            }
