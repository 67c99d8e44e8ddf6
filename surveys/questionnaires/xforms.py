"""An XForm taken apart: texts by language, choice lists, bindings, controls, expressions."""

import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from surveys.questionnaires.records import Texts
from surveys.questionnaires.sheets import NAMESPACE, language_code

_SPACES: Final = {
    "x": "http://www.w3.org/2002/xforms",
    "h": "http://www.w3.org/1999/xhtml",
    "jr": "http://openrosa.org/javarosa",
    "sipas": NAMESPACE,
}
_XFORMS: Final = f"{{{_SPACES['x']}}}"
_CONTROLS: Final = frozenset(
    {"input", "select", "select1", "upload", "trigger", "range", "secret", "rank", "repeat"}
)
_BOUND_EXPRESSIONS: Final = ("relevant", "constraint", "required", "readonly", "calculate")
# Element, its attribute that holds an expression, and the column that this comes from.
_OTHER_EXPRESSIONS: Final = (
    ("itemset", "nodeset", "choice_filter"),
    ("setvalue", "value", "calculation"),
    ("output", "value", "label"),
    ("repeat", f"{{{_SPACES['jr']}}}count", "repeat_count"),
)


@dataclass(frozen=True)
class Control:
    """One element of the body, the paths of the groups around it, and the innermost one's label."""

    kind: str
    path: str
    label: str
    hint: str
    itemset: str
    groups: tuple[str, ...]
    heading: str = ""

    @property
    def name(self) -> str:
        """The last step of its path."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True)
class Expression:
    """An XPath expression, the attribute it stands in and the node it is about."""

    path: str
    attribute: str
    text: str


@dataclass(frozen=True)
class Option:
    """One item of a choice list with its texts and its extra columns."""

    name: str
    labels: Texts
    columns: dict[str, str]


@dataclass(frozen=True)
class XForm:
    """What a form says, in the order in which it says it."""

    key: str
    title: Texts
    languages: tuple[str, ...]
    texts: dict[str, Texts]
    dynamic_texts: frozenset[str]
    lists: dict[str, tuple[Option, ...]]
    binds: dict[str, dict[str, str]]
    controls: tuple[Control, ...]
    prefilled: frozenset[str]
    expressions: tuple[Expression, ...]


def read_xform(xml: bytes) -> XForm:
    """The parts of an XForm as pyxform writes it.

    Raises ParseError where the bytes are no XML.
    """
    # The XML was written by our own converter: no document type, no entities.
    root = ET.fromstring(xml)  # noqa: S314
    languages = _languages(root)
    texts, dynamic = _texts(root)
    instance = _need(root, "h:head/x:model/x:instance")[0]
    return XForm(
        key=instance.get("id", ""),
        title=_title(root, instance, languages),
        languages=languages,
        texts=texts,
        dynamic_texts=dynamic,
        lists={name: tuple(options) for name, options in _lists(root, texts)},
        binds={bind.get("nodeset", ""): dict(bind.attrib) for bind in root.iter(f"{_XFORMS}bind")},
        controls=tuple(_controls(_need(root, "h:body"), ())),
        prefilled=frozenset(_prefilled(root, instance)),
        expressions=tuple(_expressions(root)),
    )


def sipas_attribute(name: str) -> str:
    """The name of an attribute of ours as ElementTree spells it."""
    return f"{{{NAMESPACE}}}{name}"


def _need(root: ET.Element, path: str) -> ET.Element:
    found = root.find(path, _SPACES)
    if found is None:
        raise ET.ParseError(f"no {path}")
    return found


def _languages(root: ET.Element) -> tuple[str, ...]:
    translations = root.findall("h:head/x:model/x:itext/x:translation", _SPACES)
    default_first = sorted(translations, key=lambda found: "default" not in found.attrib)
    return tuple(language_code(found.get("lang", "")) for found in default_first)


def _texts(root: ET.Element) -> tuple[dict[str, Texts], frozenset[str]]:
    texts: dict[str, Texts] = {}
    dynamic: set[str] = set()
    for translation in root.iterfind("h:head/x:model/x:itext/x:translation", _SPACES):
        language = language_code(translation.get("lang", ""))
        for entry in translation.iterfind("x:text", _SPACES):
            for value in entry.iterfind("x:value", _SPACES):
                if value.get("form") is None:
                    key = entry.get("id", "")
                    texts.setdefault(key, {})[language] = _plain("".join(value.itertext()))
                    dynamic |= {key} if len(value) else set()
    return texts, frozenset(dynamic)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _title(root: ET.Element, instance: ET.Element, languages: tuple[str, ...]) -> Texts:
    titles = {
        code: _plain(instance.get(sipas_attribute(f"title_{code}"), "")) for code in languages[1:]
    }
    return {languages[0]: _plain(_need(root, "h:head/h:title").text or "")} | titles


def _lists(root: ET.Element, texts: dict[str, Texts]) -> Iterator[tuple[str, list[Option]]]:
    for instance in root.iterfind("h:head/x:model/x:instance[@id]", _SPACES):
        options = []
        for item in instance.iterfind("x:root/x:item", _SPACES):
            columns = {child.tag.removeprefix(_XFORMS): child.text or "" for child in item}
            labels = texts.get(columns.pop("itextId", ""), {})
            options.append(Option(columns.pop("name", ""), labels, columns))
        yield instance.get("id", ""), options


def _controls(parent: ET.Element, groups: tuple[str, ...], heading: str = "") -> Iterator[Control]:
    for child in parent:
        kind = child.tag.rpartition("}")[2]
        path = child.get("ref", child.get("nodeset", ""))
        if kind in _CONTROLS:
            itemset = child.find("x:itemset", _SPACES)
            yield Control(
                kind=kind,
                path=path,
                label=_text_id(child.find("x:label", _SPACES)),
                hint=_text_id(child.find("x:hint", _SPACES)),
                itemset="" if itemset is None else itemset.get("nodeset", ""),
                groups=groups,
                heading=heading,
            )
        if kind in {"group", "repeat"}:
            inner = _text_id(child.find("x:label", _SPACES)) or heading
            yield from _controls(child, (*groups, path) if path else groups, inner)


def _text_id(element: ET.Element | None) -> str:
    reference = "" if element is None else element.get("ref", "")
    return reference.removeprefix("jr:itext('").removesuffix("')")


def _prefilled(root: ET.Element, instance: ET.Element) -> Iterator[str]:
    yield from (element.get("ref", "") for element in root.iter(f"{_XFORMS}setvalue"))
    yield from _filled_nodes(instance, f"/{instance.tag.removeprefix(_XFORMS)}")


def _filled_nodes(node: ET.Element, path: str) -> Iterator[str]:
    if (node.text or "").strip():
        yield path
    for child in node:
        yield from _filled_nodes(child, f"{path}/{child.tag.rpartition('}')[2]}")


def _expressions(root: ET.Element) -> Iterator[Expression]:
    for bind in root.iter(f"{_XFORMS}bind"):
        path = bind.get("nodeset", "")
        for attribute in _BOUND_EXPRESSIONS:
            if attribute in bind.attrib:
                yield Expression(path, attribute, bind.attrib[attribute])
    for tag, attribute, column in _OTHER_EXPRESSIONS:
        for element in root.iter(f"{_XFORMS}{tag}"):
            if attribute in element.attrib:
                yield Expression(element.get("ref", ""), column, element.attrib[attribute])
