"""What the log may say. An address of a link opens a form, so it is never written down."""

import re

import structlog

_LINK = re.compile(r"^(/[rp]/).+")


def quiet_address(path: str) -> str:
    """The path of a request without the token of a link."""
    return _LINK.sub(r"\1…", path)


def set_up_logs() -> None:
    """Plain tracebacks: the handsome ones print local variables, and with them answers."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.StackInfoRenderer(),
            structlog.processors.TimeStamper(fmt="%Y-%m-%d %H:%M:%S", utc=False),
            structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
        ]
    )
