"""Tables as text, for a notebook, a report or a page of documentation."""

import polars as pl


def to_markdown(frame: pl.DataFrame, *, decimals: int = 1) -> str:
    """A Markdown table, numbers to the right; what is missing stays empty.

    Parameters
    ----------
    frame : polars.DataFrame
    decimals : int
        Of numbers with a fraction; a column of whole numbers is written without.
    """
    columns = [_write_column(column, decimals) for column in frame]
    right = [column.dtype.is_numeric() for column in frame]
    widths = [max(3, *map(len, column)) for column in columns]
    rule = [
        "-" * (width - 1) + (":" if number else "-")
        for width, number in zip(widths, right, strict=True)
    ]
    lines = [
        [
            cell.rjust(width) if number else cell.ljust(width)
            for cell, width, number in zip(row, widths, right, strict=True)
        ]
        for row in zip(*columns, strict=True)
    ]
    lines.insert(1, rule)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _write_column(column: pl.Series, decimals: int) -> list[str]:
    """The name and the cells of a column."""
    number = column.dtype.is_float()
    values = (column.fill_nan(None) if number else column).to_list()
    if number:
        known = [value for value in values if value is not None]
        places = 0 if all(float(value).is_integer() for value in known) else decimals
        cells = ["" if value is None else f"{value:,.{places}f}" for value in values]
    else:
        cells = ["" if value is None else str(value) for value in values]
    return [cell.replace("|", r"\|") for cell in (column.name, *cells)]
