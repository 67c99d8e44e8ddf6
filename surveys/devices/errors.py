"""What can be wrong with a device or its code, in sentences that a catalogue can translate."""

from typing import Final

from surveys.errors import ForbiddenError, InputError, NotFoundError

# The name by which Babel finds msgids that are translated later, where the reader is known.
N_ = str


class UnknownDeviceError(NotFoundError):
    """No browser was enrolled under this id."""

    kind: Final = "urn:sipas:unknown-device"

    def __init__(self) -> None:
        super().__init__(
            N_("Không có thiết bị này. Hãy nhờ quản trị viên cấp mã ghi danh cho thiết bị.")
        )


class RevokedDeviceError(ForbiddenError):
    """The office has taken this device's right to send."""

    kind: Final = "urn:sipas:revoked-device"

    def __init__(self) -> None:
        super().__init__(
            N_(
                "Thiết bị này đã bị thu hồi nên không gửi được đánh giá nữa. "
                "Hãy nhờ quản trị viên cấp mã ghi danh mới."
            )
        )


class SignatureError(ForbiddenError):
    """What was sent is not signed by the key of this device."""

    kind: Final = "urn:sipas:bad-signature"

    def __init__(self) -> None:
        super().__init__(N_("Chữ ký không khớp với khóa của thiết bị này. Hãy ghi danh lại."))


class CodeError(InputError):
    """This code enrols nothing; it says the same whether it is wrong, used or expired."""

    kind: Final = "urn:sipas:bad-code"

    def __init__(self) -> None:
        super().__init__(
            N_(
                "Mã ghi danh không đúng, đã dùng hoặc đã hết hạn. "
                "Hãy kiểm tra lại, hoặc nhờ quản trị viên cấp mã khác."
            )
        )
