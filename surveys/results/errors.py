"""What cannot be done with a run, in sentences that a catalogue can translate."""

from collections.abc import Iterable
from typing import Final

from surveys.errors import InputError, NotFoundError, StateError

# The name by which Babel finds msgids that are translated where the reader is known.
N_ = str


class UnknownRunError(NotFoundError):
    """No run has this id."""

    text: Final = N_("Không có lần tính này; hãy tải lại danh sách.")

    def __init__(self) -> None:
        super().__init__(self.text)


class UnknownResultError(NotFoundError):
    """Nothing of this kind is published."""

    text: Final = N_("Chưa có kết quả được công bố cho mục này.")

    def __init__(self) -> None:
        super().__init__(self.text)


class UnknownAgenciesError(InputError):
    """Figures name agencies that the register does not have."""

    text: Final = N_("Danh mục chưa có các cơ quan {codes}; hãy nhập danh mục trước khi tính.")

    def __init__(self, codes: Iterable[str]) -> None:
        super().__init__(self.text, codes=", ".join(sorted(codes)[:5]))


class RunStateError(StateError):
    """The run exists, but not in the state that this needs; nothing was changed."""


class NoticeError(InputError):
    """A notice or a comment that is empty or too long; nothing was stored."""


NOT_A_DRAFT: Final = N_("Chỉ công bố được bản nháp; lần tính này đã được công bố từ trước.")
NOT_PUBLISHED: Final = N_("Chỉ rút hoặc đính chính được kết quả đang công bố.")
NOT_THE_SAME: Final = N_("Bản đính chính phải cùng kỳ và cùng phiếu hỏi với kết quả đang công bố.")
CLOSED: Final = N_("Lần tính này đã bị rút hoặc thay thế nên không nhận thêm ý kiến.")
EMPTY_TEXT: Final = N_("Hãy viết nội dung trước khi gửi.")
LONG_TEXT: Final = N_("Nội dung dài quá {most} ký tự; hãy rút gọn.")
REPLACED: Final = N_("Kết quả của kỳ này đã được tính lại và thay thế.")


def checked_text(text: str, most: int = 4000) -> str:
    """The text without blanks around it; raises NoticeError if it is empty or too long."""
    stripped = text.strip()
    if not stripped:
        raise NoticeError(EMPTY_TEXT)
    if len(stripped) > most:
        raise NoticeError(LONG_TEXT, most=most)
    return stripped
