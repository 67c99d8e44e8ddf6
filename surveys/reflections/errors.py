"""What can be wrong with a case, in sentences that tell what to do."""

from typing import ClassVar

from surveys.errors import ForbiddenError, NotFoundError, StateError

# The name by which Babel finds msgids that are translated later, where the reader is known.
N_ = str


class UnknownCaseError(NotFoundError):
    """There is no such case, or not for this person."""

    words: ClassVar[str] = N_("Không có vụ việc này, hoặc vụ việc không thuộc cơ quan của bạn.")

    def __init__(self) -> None:
        super().__init__(self.words)


class NotPublicError(UnknownCaseError):
    """There is no such case for everybody."""

    words = N_("Không có vụ việc này, hoặc vụ việc không được công khai.")


class DeadLinkError(UnknownCaseError):
    """No case has this link."""

    words = N_("Liên kết này không đúng, hoặc người gửi đã đổi liên kết.")


class RoleError(ForbiddenError):
    """The move exists and the case is in the right state, but somebody else makes it."""

    def __init__(self) -> None:
        super().__init__(N_("Bạn không có quyền làm bước này với vụ việc."))


class MoveError(StateError):
    """The case is in a state in which this cannot be done, or something must be done before."""


class StaleCaseError(StateError):
    """Somebody was quicker."""

    def __init__(self) -> None:
        super().__init__(
            N_("Vụ việc vừa được người khác thay đổi. Hãy tải lại trang rồi làm lại bước này.")
        )


class DraftConflictError(StateError):
    """Somebody saved a newer version of the draft; nothing was written over."""

    words = N_("Người khác vừa lưu bản dự thảo số {version}. Hãy so hai bản rồi lưu lại.")

    def __init__(self, newest: int) -> None:
        self.newest = newest
        super().__init__(self.words, version=newest)


class UnreadDraftError(DraftConflictError):
    """What would be put forward, approved or sent is not what was read; nothing was done."""

    words = N_(
        "Chưa gửi, chưa duyệt gì: người khác vừa lưu bản dự thảo số {version}."
        " Hãy đọc bản đó rồi bấm lại."
    )
