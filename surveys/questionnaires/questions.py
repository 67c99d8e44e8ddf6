"""Questions out of the controls and bindings of an XForm."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from surveys.questionnaires import expressions as xpath
from surveys.questionnaires.conditions import (
    BeyondSubsetError,
    Condition,
    Every,
    UnknownQuestionError,
    condition_of,
)
from surveys.questionnaires.errors import N_
from surveys.questionnaires.findings import Findings
from surveys.questionnaires.records import Choice, Kind, Question, Role
from surveys.questionnaires.xforms import Control, XForm, sipas_attribute

# The database takes no longer text.
MAX_TEXT_LENGTH: Final = 2000

_KINDS: Final[Mapping[str, Kind]] = {"select1": "scale", "select": "choices", "input": "text"}
_KIND_OF_ROLE: Final[Mapping[Role, Kind]] = {
    "overall": "scale",
    "factor": "scale",
    "reason": "choices",
    "reflection": "text",
}
_WANTED_TYPE: Final[Mapping[Kind, str]] = {
    "scale": "select_one",
    "choices": "select_multiple",
    "text": "text",
}
_ITEMSET = re.compile(r"instance\('(?P<list>[^']+)'\)/root/item")

# pyxform adds these rows of labels to a group that is shown as a table.
_GENERATED = re.compile(r"(generated_table_list_label|reserved_name_for_field_list_labels)_\d+")

# Each parsed expression by path and attribute; what could not be parsed is absent.
Trees = Mapping[tuple[str, str], xpath.Node]


def questions_of(form: XForm, trees: Trees, findings: Findings) -> tuple[Question, ...]:
    """The questions in their order, with positions; what is wrong goes to `findings`."""
    reader = _Reader(form, trees, findings)
    questions: list[Question] = []
    position = 1
    for control in form.controls:
        # Controls of another kind were told from the sheet, by their type.
        if control.kind in _KINDS and not _GENERATED.fullmatch(control.name):
            question = reader.question(control, position)
            reader.known[control.path] = control.name
            if question is not None:
                questions.append(question)
                position += 1 + len(question.choices)
    return tuple(questions)


@dataclass
class _Reader:
    """Reads one control after the other; `known` holds the questions before it by path."""

    form: XForm
    trees: Trees
    findings: Findings
    known: dict[str, str] = field(default_factory=dict)

    def question(self, control: Control, position: int) -> Question | None:
        kind = _KINDS[control.kind]
        role = self.role(control, kind)
        self.check_untouched(control)
        list_name = self.list_name(control) if kind != "text" else ""
        options = self.form.lists.get(list_name, ()) if kind == "choices" else ()
        relevant, understood = self.relevant(control)
        question = Question(
            position=position,
            name=control.name,
            kind=kind,
            role=role or "factor",
            labels=self.form.texts.get(control.label, {}),
            hint=self.form.texts.get(control.hint, {}),
            scale=list_name if kind == "scale" else "",
            choices=tuple(
                Choice(position + number, option.name, option.labels)
                for number, option in enumerate(options, start=1)
            ),
            # Whether it was asked is then for ODK Collect to know, and so whether it is lacking.
            required=self.required(control) and understood,
            max_length=self.max_length(control, kind),
            relevant=relevant,
            factor=self.factor(control, role),
            group=self.form.texts.get(control.heading, {}),
        )
        return question if role else None

    def bound(self, control: Control, attribute: str) -> str:
        return self.form.binds[control.path].get(attribute, "")

    def role(self, control: Control, kind: Kind) -> Role | None:
        given = self.bound(control, sipas_attribute("role"))
        roles = ", ".join(_KIND_OF_ROLE)
        if not given:
            text = N_("Câu chưa có vai trò; hãy ghi ở cột bind::sipas:role một trong: {roles}.")
            self.findings.of_question(control.name, text, roles=roles)
            return None
        role = next((role for role in _KIND_OF_ROLE if role == given), None)
        if role is None:
            text = N_("Vai trò “{role}” không có; hãy ghi một trong: {roles}.")
            self.findings.of_question(control.name, text, role=given, roles=roles)
        elif _KIND_OF_ROLE[role] != kind:
            text = N_("Câu có vai trò “{role}” phải thuộc loại {wanted}; hãy sửa cột type.")
            wanted = _WANTED_TYPE[_KIND_OF_ROLE[role]]
            self.findings.of_question(control.name, text, role=role, wanted=wanted)
        return role

    def factor(self, control: Control, role: Role | None) -> str:
        factor = self.bound(control, sipas_attribute("factor"))
        if factor and role not in {"factor", None}:
            text = N_("Cột bind::sipas:factor chỉ dùng cho câu có vai trò factor; hãy xóa ô này.")
            self.findings.of_question(control.name, text)
        return (factor or control.name) if role == "factor" else ""

    def check_untouched(self, control: Control) -> None:
        if control.path in self.form.prefilled or self.bound(control, "calculate"):
            # An answer nobody gave would count as satisfied or not; seen in practice.
            text = N_("Câu không được có sẵn câu trả lời; hãy xóa ô default và calculation.")
            self.findings.of_question(control.name, text)
        if self.bound(control, "readonly") not in {"", "false()"}:
            text = N_("Câu chỉ đọc thì không ai trả lời được; hãy xóa ô readonly.")
            self.findings.of_question(control.name, text)

    def list_name(self, control: Control) -> str:
        whole = _ITEMSET.fullmatch(control.itemset)
        if whole is None:
            self.findings.only_collect(control.name, "choice_filter", control.itemset)
        part = whole or _ITEMSET.search(control.itemset)
        return part["list"] if part else ""

    def required(self, control: Control) -> bool:
        required = self.bound(control, "required")
        if required not in {"", "true()", "false()"}:
            self.findings.only_collect(control.name, "required", required.strip())
        return required == "true()"

    def max_length(self, control: Control, kind: Kind) -> int:
        default = MAX_TEXT_LENGTH if kind == "text" else 0
        constraint = self.bound(control, "constraint")
        if not constraint:
            return default
        limit = _length_limit(self.trees.get((control.path, "constraint")), control.path)
        if kind != "text" or limit is None:
            self.findings.only_collect(control.name, "constraint", constraint.strip())
            return default
        if not 1 <= limit <= MAX_TEXT_LENGTH:
            text = N_("Giới hạn độ dài phải từ 1 đến {limit} ký tự; hãy sửa cột constraint.")
            self.findings.of_question(control.name, text, limit=str(MAX_TEXT_LENGTH))
        return int(limit)

    def relevant(self, control: Control) -> tuple[Condition | None, bool]:
        paths = (*control.groups, control.path)
        trees = [self.trees[path, "relevant"] for path in paths if (path, "relevant") in self.trees]
        read = [self.condition(control, tree) for tree in trees]
        parts = tuple(part for part in read if part is not None)
        whole = Every(parts) if len(parts) > 1 else next(iter(parts), None)
        return whole, len(parts) == len(trees)

    def condition(self, control: Control, tree: xpath.Node) -> Condition | None:
        try:
            return condition_of(tree, self.known)
        except BeyondSubsetError as error:
            self.findings.only_collect(control.name, "relevant", str(error))
        except UnknownQuestionError as error:
            path = str(error)
            if path in self.form.binds and all(path != one.path for one in self.form.controls):
                # A value of the device or a calculation: sound, but not ours to evaluate.
                self.findings.only_collect(control.name, "relevant", path)
            else:
                text = N_("Điều kiện relevant nhắc tới “{path}”; chỉ được nhắc tới câu đứng trước.")
                self.findings.of_question(control.name, text, path=path.rpartition("/")[2])
        return None


def _length_limit(tree: xpath.Node | None, path: str) -> float | None:
    match tree:
        case xpath.Binary(
            ("<=" | "<") as sign, xpath.Call("string-length", measured), xpath.Number(value)
        ) if all(isinstance(x, xpath.Path) and x.text in {".", path} for x in measured):
            return value if sign == "<=" else value - 1
        case xpath.Binary(">=", xpath.Number() as right, left):
            return _length_limit(xpath.Binary("<=", left, right), path)
        case xpath.Binary(">", xpath.Number() as right, left):
            return _length_limit(xpath.Binary("<", left, right), path)
    return None
