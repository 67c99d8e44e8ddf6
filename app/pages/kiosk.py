"""The kiosk of a counter: before it stands somebody with a bus in six minutes and an official
looking on. One tap is a stored rating; everything after it may be left out."""

from typing import Any

routes: list[Any] = []
