"""A figure as SVG: the same bytes for the same picture, safe under a strict policy, accessible."""

import hashlib
import io
import re
from xml.etree import ElementTree as ET

import matplotlib as mpl
from matplotlib.figure import Figure

from analysis.charts.page import house_style

# Text stays text: a third of the size of outlines, and a reader can select it. It is measured
# with DejaVu Sans, the widest of these, so that the others never overflow.
FONTS = "'Be Vietnam Pro', 'Noto Sans', 'DejaVu Sans', sans-serif"

_NUMBERS = ("d", "x", "y", "width", "height", "transform", "points", "stroke-width", "viewBox")
_DECIMAL = re.compile(r"-?\d+\.\d+")
_FIRST_OF = re.compile(r"\s*([A-Za-z])\s*")
_ZERO_TURN = re.compile(r"rotate\(-?0(\.0+)? ")
_REFERENCE = re.compile(r"#([\w.-]+)")
_INHERITED = {"stroke-linejoin": "round", "stroke-linecap": "butt"}
_DEFAULTS = {"stroke-dashoffset": "0", "opacity": "1", "font-weight": "400", **_INHERITED}


def svg_bytes(figure: Figure, *, title: str, description: str) -> bytes:
    """SVG file of a figure, to be served on its own or put into a page.

    The bytes depend on the figure, the two texts and the release of matplotlib only. There is no
    date, no script, and neither a style element nor a style attribute, so that the policy
    ``style-src 'self'`` leaves it whole.

    Parameters
    ----------
    figure : matplotlib Figure
    title : str
        Name of the picture, read out by screen readers.
    description : str
        What the picture shows, for those who do not see it.

    Returns
    -------
    bytes
        UTF-8.
    """
    buffer = io.BytesIO()
    with house_style():
        mpl.rcParams["svg.fonttype"] = "none"
        mpl.rcParams["svg.hashsalt"] = "sipas"
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    root = ET.fromstring(buffer.getvalue())  # noqa: S314 - written one line above
    _drop_metadata(root)
    for element in root.iter():
        _plain(element)
    _drop_unused_ids(root)
    _flatten(root)
    _describe(root, title, description)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _drop_metadata(root: ET.Element) -> None:
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag.rsplit("}", 1)[-1] in {"metadata", "style"}:
                parent.remove(child)


def _plain(element: ET.Element) -> None:
    """Turn style into attributes, shorten numbers, and drop what says nothing."""
    element.tag = element.tag.rsplit("}", 1)[-1]
    given = {
        key.replace("{http://www.w3.org/1999/xlink}", "xlink:"): value
        for key, value in element.attrib.items()
    }
    given |= _styled(given.pop("style", ""))
    if element.tag == "text":
        given.pop("font-family", None)
    for key in _NUMBERS:
        if key in given:
            given[key] = _DECIMAL.sub(_shorten, given[key])
    if "d" in given:
        given["d"] = _FIRST_OF.sub(r"\1", given["d"]).replace("\n", " ").strip()
    if _ZERO_TURN.match(given.get("transform", "")):
        del given["transform"]
    element.attrib = {key: value for key, value in given.items() if _DEFAULTS.get(key) != value}
    element.tail = None
    if element.text is not None and not element.text.strip():
        element.text = None


def _styled(style: str) -> dict[str, str]:
    pairs = (part.split(":", 1) for part in style.split(";") if ":" in part)
    return {name.strip(): value.strip() for name, value in pairs}


def _shorten(number: re.Match[str]) -> str:
    short = f"{float(number[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if short == "-0" else short


def _drop_unused_ids(root: ET.Element) -> None:
    used = {
        name
        for element in root.iter()
        for value in element.attrib.values()
        for name in _REFERENCE.findall(value)
    }
    for element in root.iter():
        if element.get("id") not in used:
            element.attrib.pop("id", None)


def _flatten(parent: ET.Element) -> None:
    """Lift the children of groups that carry nothing."""
    children: list[ET.Element] = []
    for child in parent:
        _flatten(child)
        if child.tag in {"g", "defs"} and not len(child):
            continue
        children.extend(child if child.tag == "g" and not child.attrib else [child])
    parent[:] = children


def _describe(root: ET.Element, title: str, description: str) -> None:
    # Names of their own, so that two charts can stand in one page.
    mark = hashlib.sha256(f"{title}\n{description}".encode()).hexdigest()[:8]
    texts = [_text("title", f"title-{mark}", title), _text("desc", f"desc-{mark}", description)]
    drawing = ET.Element("g", _INHERITED)
    drawing.extend(list(root))
    root[:] = [*texts, drawing]
    root.attrib = {
        "xmlns": "http://www.w3.org/2000/svg",
        "xmlns:xlink": "http://www.w3.org/1999/xlink",
        "role": "img",
        "aria-labelledby": " ".join(text.attrib["id"] for text in texts),
        "font-family": FONTS,
        **{key: root.attrib[key] for key in ("width", "height", "viewBox")},
    }


def _text(tag: str, name: str, text: str) -> ET.Element:
    element = ET.Element(tag, {"id": name})
    element.text = text
    return element
