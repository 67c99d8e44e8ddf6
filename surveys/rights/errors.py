"""Why a right cannot be spent, in sentences that a catalogue can translate."""

from typing import Final

from surveys.errors import DomainError, GoneError, InputError, NotFoundError, StateError

# The name by which Babel finds msgids that are translated later, where the reader is known.
N_ = str

ALREADY_RATED = N_("Hồ sơ này đã được đánh giá. Mỗi hồ sơ được đánh giá một lần.")
EXPIRED = N_("Liên kết này đã hết hạn nên không nhận đánh giá được nữa.")
UNKNOWN_RIGHT = N_("Liên kết này không đúng. Hãy mở lại liên kết trong tin nhắn hoặc mã QR.")
NOT_FINISHED = N_("Hồ sơ chưa có kết quả. Hãy quay lại đánh giá sau khi nhận kết quả.")
KEY_CHANGED = N_("Khóa ký của hồ sơ này vừa đổi. Hãy gửi lại lần nữa.")
NO_BLINDED = N_("Nội dung cần ký không đọc được. Hãy tải lại trang rồi gửi lại.")
UNKNOWN_CODE = N_("Không có mã này. Hãy so từng chữ với giấy biên nhận rồi gõ lại.")


class UnknownRightError(NotFoundError):
    """Nobody made this token."""

    kind: Final = "urn:sipas:unknown-right"
    code = "unknown right"

    def __init__(self, text: str = UNKNOWN_RIGHT) -> None:
        super().__init__(text)


class AlreadyRatedError(StateError):
    """The dossier's right is spent."""

    kind: Final = "urn:sipas:already-rated"
    code = "already rated"

    def __init__(self) -> None:
        super().__init__(ALREADY_RATED)


class NotFinishedError(StateError):
    """The dossier has no result yet, so there is nothing to rate."""

    kind: Final = "urn:sipas:not-finished"
    code = "not finished"

    def __init__(self) -> None:
        super().__init__(NOT_FINISHED)


class KeyChangedError(StateError):
    """The dossier counts in another cell by now; ask for its key again."""

    kind: Final = "urn:sipas:key-changed"
    code = "key changed"

    def __init__(self) -> None:
        super().__init__(KEY_CHANGED)


class ExpiredRightError(GoneError):
    """The right's time is over."""

    kind: Final = "urn:sipas:expired"
    code = "expired"

    def __init__(self) -> None:
        super().__init__(EXPIRED)


class BlindedError(InputError):
    """What was to be signed is no blinded message of this key."""

    kind: Final = "urn:sipas:bad-blinded-message"
    code = "bad blinded message"

    def __init__(self) -> None:
        super().__init__(NO_BLINDED)


_REFUSED: Final[dict[str, type[DomainError]]] = {
    "already rated": AlreadyRatedError,
    "expired": ExpiredRightError,
    "not finished": NotFinishedError,
    "unknown right": UnknownRightError,
}


def refused(word: str) -> DomainError:
    """The error that stands for a word by which a right is refused."""
    return _REFUSED[word]()
