"""Reads a Code 128 off a picture by the rules of ISO/IEC 15417; the printing program has no part."""

from itertools import groupby

# Widths of bars and spaces of each value; 103 to 105 are the starts.
TABLE = """
212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232
122132 122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122
321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311
211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113
213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422
121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111
241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121
412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412
211214 211232
"""
WIDTHS = TABLE.split()
STOP = "2331112"
CODE_C, CODE_B, START_B, START_C = 99, 100, 104, 105


def read_bars(row: list[bool]) -> str | None:
    """The text of the code that lies across a row of pixels (dark is true), or None."""
    runs = [(dark, len(list(run))) for dark, run in groupby(row)]
    for first, (dark, _length) in enumerate(runs):
        if dark and (text := _read(runs[first:])):
            return text
    return None


def _read(runs: list[tuple[bool, int]]) -> str | None:
    values: list[int] = []
    at = 0
    while at + 6 <= len(runs):
        widths = _modules([length for _dark, length in runs[at : at + 6]])
        if widths == STOP[:6] and len(values) > 2:
            return _text(values)
        if widths not in WIDTHS:
            return None
        values.append(WIDTHS.index(widths))
        at += 6
    return None


def _modules(lengths: list[int]) -> str:
    """Pixels as modules: six elements of a symbol are eleven modules wide."""
    module = sum(lengths) / 11
    return "".join(str(round(length / module)) for length in lengths)


def _text(values: list[int]) -> str | None:
    start, *symbols, check = values
    if start not in {START_B, START_C}:
        return None
    if (start + sum(at * value for at, value in enumerate(symbols, 1))) % 103 != check:
        return None
    pairs = start == START_C
    text = ""
    for value in symbols:
        if value == CODE_B and pairs:
            pairs = False
        elif value == CODE_C and not pairs:
            pairs = True
        elif pairs:
            text += f"{value:02}"
        else:
            text += chr(value + 32)
    return text
