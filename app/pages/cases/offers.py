"""Which moves stand on the page of a case, in which order, and what is said beside them."""

from collections.abc import Sequence
from typing import Any, Final

from app.rendering import _, language
from surveys import reflections

N_ = str

# What is done most often in each state stands first and open; the rest is folded.
FIRST: Final = {
    "new": "receive",
    "received": "take",
    "reopened": "take",
    "information_asked": "inform",
}
# These have a place of their own on the page.
ELSEWHERE: Final = frozenset(
    {"submit", "answer", "return_draft", "publish", "publish_settled", "settle", "reopen"}
)
HINTS: Final = {
    "ask": N_("Người gửi sẽ nhận câu hỏi này. Thời hạn của cơ quan tạm dừng cho đến khi họ trả lời."),
    "refuse": N_("Người gửi sẽ đọc lý do này và có thể mở lại vụ việc."),
    "transfer": N_("Người gửi sẽ được báo. Cơ quan nhận thấy vụ việc như vừa gửi đến; bạn sẽ không xem được nữa."),
    "extend": N_("Chỉ một lần, khi còn trong hạn. Người gửi sẽ đọc lý do này."),
    "inform": N_("Ghi lại điều người gửi vừa cho biết qua điện thoại hoặc tại quầy."),
    "return_answer": N_("Cơ quan phải làm lại câu trả lời; thời hạn tính lại từ đầu."),
    "receive": N_("Tiêu đề ngắn, không nêu tên ai: danh sách và trang công khai sẽ dùng tiêu đề này."),
}  # fmt: skip


def move_forms(names: Sequence[str], state: str) -> list[dict[str, Any]]:
    """The moves that may be made, as forms: name, title, needs, hint, first."""
    moves = reflections.machine().moves
    forms = [
        {
            "name": name,
            "title": moves[name].title[language.get()],
            "needs": moves[name].needs,
            "hint": _(HINTS[name]) if name in HINTS else "",
            "first": FIRST.get(state) == name,
        }
        for name in names
        if name not in ELSEWHERE
    ]
    return sorted(forms, key=lambda form: not form["first"])
