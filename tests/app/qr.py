"""Reads a poster as a reader and a scanner would: its text, and the address in its QR code.

The program that makes posters has no part in this: streams are inflated, letters are looked up in
the maps of their fonts, and the dark modules are decoded by the rules of ISO/IEC 18004.
"""

import re
import zlib
from collections.abc import Callable
from itertools import pairwise

MASKS: tuple[Callable[[int, int], bool], ...] = (
    lambda r, c: (r + c) % 2 == 0,
    lambda r, c: r % 2 == 0,
    lambda r, c: c % 3 == 0,
    lambda r, c: (r + c) % 3 == 0,
    lambda r, c: (r // 2 + c // 3) % 2 == 0,
    lambda r, c: r * c % 2 + r * c % 3 == 0,
    lambda r, c: (r * c % 2 + r * c % 3) % 2 == 0,
    lambda r, c: ((r + c) % 2 + r * c % 3) % 2 == 0,
)
# Level Q, versions 1 to 6: blocks and data bytes of each.
BLOCKS_Q = {1: [13], 2: [22], 3: [17] * 2, 4: [24] * 2, 5: [15] * 2 + [16] * 2, 6: [19] * 4}

Matrix = list[list[bool]]


def decode(matrix: Matrix) -> str:
    """The text of a code of level Q; the modules must be exact."""
    size = len(matrix)
    version = (size - 17) // 4
    level_and_mask = _format_bits(matrix) ^ 0b101010000010010
    assert level_and_mask >> 13 == 0b11, "level Q"
    mask = MASKS[level_and_mask >> 10 & 0b111]
    bits = [matrix[r][c] ^ mask(r, c) for r, c in _path(size, version)]
    codewords = [_number(bits[at : at + 8]) for at in range(0, len(bits) - 7, 8)]
    data = _deinterleaved(codewords, BLOCKS_Q[version])
    stream = "".join(f"{byte:08b}" for byte in data)
    assert stream[:4] == "0100", "byte mode"
    length = int(stream[4:12], 2)
    return bytes(int(stream[12 + 8 * i : 20 + 8 * i], 2) for i in range(length)).decode()


def _format_bits(matrix: Matrix) -> int:
    places = [(8, c) for c in (0, 1, 2, 3, 4, 5, 7, 8)] + [(r, 8) for r in (7, 5, 4, 3, 2, 1, 0)]
    return _number([matrix[r][c] for r, c in places])


def _number(bits: list[bool]) -> int:
    return int("".join("01"[bit] for bit in bits), 2)


def _path(size: int, version: int) -> list[tuple[int, int]]:
    """The modules that carry data, in the order of their bits: two columns at a time, zigzag."""
    found = []
    columns = [c for c in range(size - 1, 0, -2) if c > 6]
    columns += [5, 3, 1]
    for turn, right in enumerate(columns):
        rows = range(size) if turn % 2 else range(size - 1, -1, -1)
        found += [
            (r, c) for r in rows for c in (right, right - 1) if not _is_pattern(r, c, size, version)
        ]
    return found


def _is_pattern(r: int, c: int, size: int, version: int) -> bool:
    finders = (r < 9 and c < 9) or (r < 9 and c >= size - 8) or (r >= size - 8 and c < 9)
    alignment = 2 <= version <= 6 and abs(r - (size - 7)) <= 2 and abs(c - (size - 7)) <= 2
    return finders or r == 6 or c == 6 or alignment


def _deinterleaved(codewords: list[int], lengths: list[int]) -> list[int]:
    blocks: list[list[int]] = [[] for _ in lengths]
    words = iter(codewords)
    for place in range(max(lengths)):
        for block, length in zip(blocks, lengths, strict=True):
            if place < length:
                block.append(next(words))
    return [byte for block in blocks for byte in block]


def streams(pdf: bytes) -> list[bytes]:
    """Every stream of a PDF, inflated where it is deflated."""
    found = []
    for match in re.finditer(rb"(?<!end)stream\r?\n", pdf):
        raw = pdf[match.end() : pdf.index(b"endstream", match.end())]
        try:
            found.append(zlib.decompressobj().decompress(raw))
        except zlib.error:
            found.append(raw)
    return found


def matrices(pdf: bytes) -> list[Matrix]:
    """The QR codes of a PDF, which are drawn as runs of level strokes, one module high."""
    found = []
    number = rb"(-?[\d.]+)"
    stroke = rb"%s %s m\s+%s %s l\s+" % (number, number, number, number)
    for stream in streams(pdf):
        for run in re.finditer(rb"(?:%s){50,}" % stroke, stream):
            strokes = [tuple(map(float, match)) for match in re.findall(stroke, run.group())]
            assert all(y1 == y2 for _x1, y1, _x2, y2 in strokes)
            found.append(_modules([(y, x1, x2) for x1, y, x2, _y2 in strokes]))
    return found


def _modules(strokes: list[tuple[float, float, float]]) -> Matrix:
    rows = sorted({y for y, _x1, _x2 in strokes})
    left = min(x1 for _y, x1, _x2 in strokes)
    # A row without a dark module is drawn by no stroke.
    high = min(after - before for before, after in pairwise(rows))
    size = round((rows[-1] - rows[0]) / high) + 1
    module = (max(x2 for _y, _x1, x2 in strokes) - left) / size
    matrix = [[False] * size for _row in range(size)]
    for y, x1, x2 in strokes:
        for column in range(round((x1 - left) / module), round((x2 - left) / module)):
            matrix[round((y - rows[0]) / high)][column] = True
    return matrix


def text_of(pdf: bytes) -> list[str]:
    """The text of each page, as a reader that copies it would have it; lines run together."""
    fonts = _fonts(pdf)
    return [
        "".join(_shown(part, fonts) for part in re.split(rb"(?=/f\d+ [\d.]+ Tf)", stream))
        for stream in streams(pdf)
        if re.search(rb"/f\d+ [\d.]+ Tf", stream)
    ]


def _fonts(pdf: bytes) -> dict[bytes, dict[int, str]]:
    """What the glyphs of each font stand for."""
    maps = {}
    for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", pdf):
        font = pdf[pdf.index(b"\n%s 0 obj" % number) :]
        target = re.search(rb"/ToUnicode (\d+) 0 R", font)
        assert target is not None
        at = pdf.index(b"\n%s 0 obj" % target.group(1))
        entries = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>\n", streams(pdf[at:])[0])
        maps[name] = {int(g, 16): bytes.fromhex(u.decode()).decode("utf-16-be") for g, u in entries}
    return maps


def _shown(part: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    if not part.startswith(b"/f"):
        return ""
    glyphs = fonts[part[1 : part.index(b" ")]]
    shown = part.partition(b"\nET")[0]
    found = ""
    for piece in re.findall(rb"\(((?:[^()\\]|\\.)*)\)", shown, re.DOTALL):
        raw = re.sub(rb"\\([0-7]{1,3}|.)", _unescaped, piece, flags=re.DOTALL)
        found += "".join(
            glyphs.get(int.from_bytes(raw[at : at + 2]), "") for at in range(0, len(raw), 2)
        )
    return found


def _unescaped(match: re.Match[bytes]) -> bytes:
    code = match.group(1)
    if code.isdigit():
        return bytes([int(code, 8)])
    return {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}.get(code, code)
