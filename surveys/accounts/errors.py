"""What can be wrong with an account, in sentences that a catalogue can translate."""

from collections.abc import Callable
from typing import Final

from surveys.errors import DomainError, InputError

# The name by which Babel finds msgids that are translated later, where the reader is known.
N_ = str

Translate = Callable[[str], str]


class FieldError(InputError):
    """One field of a form that cannot be taken; nothing was stored."""

    def __init__(self, field: str, text: str, **values: object) -> None:
        self.field = field
        self.text = text
        self.values = values
        super().__init__(self.told())

    def told(self, translate: Translate = str) -> str:
        """The sentence for the person who typed it, in the language of `translate`."""
        return translate(self.text).format(**self.values)


class SignInError(DomainError):
    """Refused. It says the same whether the name, the password or a lock is the reason."""

    refused: Final = N_(
        "Tên đăng nhập hoặc mật khẩu không đúng, hoặc tài khoản đang bị khóa. "
        "Hãy thử lại sau ít phút, hoặc nhờ quản trị viên đặt lại mật khẩu."
    )
    busy: Final = N_("Quá nhiều người đăng nhập cùng lúc. Hãy thử lại sau một phút.")

    def __init__(self, text: str = refused) -> None:
        self.text = text
        super().__init__(text)
