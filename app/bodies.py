"""Bodies of requests as text: what is not UTF-8 is refused, at every address, and never guessed."""

from typing import Any
from urllib.parse import parse_qsl

from litestar import Request
from litestar.datastructures import FormMultiDict
from litestar.enums import RequestEncodingType
from litestar.types import Empty

from surveys.errors import InputError

# Marks texts that are translated where the reader is known.
N_ = str

NOT_TEXT = N_("Dữ liệu gửi lên không phải UTF-8, nên không đọc được; hãy gửi lại bằng UTF-8.")
TOO_DEEP = N_("Dữ liệu gửi lên lồng quá nhiều lớp, nên không đọc được.")


class UnreadableError(InputError):
    """A body that is no text, or no data that can be taken apart."""


class TextRequest(Request[Any, Any, Any]):
    """A request whose form and JSON are text in UTF-8. Both raise UnreadableError."""

    async def form(self) -> FormMultiDict:
        """The fields; also of senders that leave letters unescaped between the ampersands."""
        try:
            if self._form is Empty and self.content_type[0] == RequestEncodingType.URL_ENCODED:
                text = (await self.body()).decode()
                self._form = FormMultiDict(parse_qsl(text, keep_blank_values=True, errors="strict"))
            return await super().form()
        except (UnicodeDecodeError, LookupError):
            # LookupError: a part of the form names letters that nobody knows.
            raise UnreadableError(NOT_TEXT) from None

    async def json(self) -> Any:
        """What was sent as JSON."""
        try:
            return await super().json()
        except UnicodeDecodeError:
            raise UnreadableError(NOT_TEXT) from None
        except RecursionError:
            raise UnreadableError(TOO_DEEP) from None
