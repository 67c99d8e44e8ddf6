"""Passwords: what is accepted, how they are kept, and temporary ones."""

import asyncio
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from surveys.accounts.errors import N_, FieldError

SHORTEST = 12
# Longer ones only cost time: argon2 reads every byte.
LONGEST = 200
FEWEST_DIFFERENT = 5

# What is left of the most common passwords, here and abroad, once digits and marks are taken off
# their ends: "Matkhau@123456", "vietnam12345", "1qaz2wsx3edc".
COMMON = frozenset(
    [
        "abc",
        "abcd",
        "abcdef",
        "admin",
        "administrator",
        "adminadmin",
        "anhyeuem",
        "asdfgh",
        "asdfghjkl",
        "asdfghjklzxcvbnm",
        "baby",
        "changeme",
        "congty",
        "dichvucong",
        "dragon",
        "emyeuanh",
        "football",
        "gmail",
        "hanoi",
        "hochiminh",
        "iloveyou",
        "khanhhoa",
        "khongbiet",
        "letmein",
        "login",
        "master",
        "matkhau",
        "matkhaumoi",
        "monkey",
        "mothaiba",
        "motcua",
        "nhatrang",
        "password",
        "passwordpassword",
        "passw0rd",
        "p@ssw0rd",
        "pass",
        "princess",
        "qazwsxedc",
        "qazwsxedcrfv",
        "qwerty",
        "qwertyuiop",
        "qwertyuiopasdfghjkl",
        "qaz2wsx3edc",
        "q2w3e4r5t",
        "q2w3e4r5t6y",
        "saigon",
        "secret",
        "sipas",
        "sipassipas",
        "sunshine",
        "superman",
        "taikhoan",
        "test",
        "tinhyeu",
        "vietnam",
        "welcome",
        "xinchao",
        "zxcvbnm",
        "zaq1xsw2cde",
        "zaq1zaq1zaq",
        "ubnd",
        "tthcc",
        "covid",
    ]
)
ENDS = "0123456789 !@#$%^&*()_+-=.,?~`'\"/\\|:;<>[]{}"

# No letter or digit that is mistaken for another when it is read out.
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"

Result = TypeVar("Result")

HASHER = PasswordHasher()
# Each check takes 64 MiB and a core: two at a time, the others wait their turn.
HASHING = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")


def normalise(password: str) -> str:
    """The same characters whichever keyboard composed their marks."""
    return unicodedata.normalize("NFC", password)


def check_password(password: str, username: str, *, field: str = "password") -> None:
    """Refuse a password that is short, common, or made of the person's own name."""
    said = normalise(password).casefold()
    if len(said) < SHORTEST:
        raise FieldError(field, N_("Mật khẩu cần ít nhất {n} ký tự."), n=SHORTEST)
    if len(said) > LONGEST:
        raise FieldError(field, N_("Mật khẩu có tối đa {n} ký tự."), n=LONGEST)
    if username.casefold() in said:
        raise FieldError(field, N_("Mật khẩu không được chứa tên đăng nhập."))
    if len(set(said)) < FEWEST_DIFFERENT or _is_run(said) or said.strip(ENDS) in {*COMMON, ""}:
        raise FieldError(
            field, N_("Mật khẩu này quá dễ đoán. Hãy ghép vài từ không liên quan với nhau.")
        )


def _is_run(password: str) -> bool:
    """Whether each character follows the one before it, as in abcdefghijkl."""
    steps = {ord(b) - ord(a) for a, b in pairwise(password)}
    return steps <= {1} or steps <= {-1}


def make_temporary_password() -> str:
    """A password to be read out once and changed at the first sign-in; 79 bits."""
    letters = [secrets.choice(READABLE) for _ in range(16)]
    return "-".join("".join(letters[i : i + 4]) for i in range(0, 16, 4))


async def hash_password(password: str) -> str:
    """The argon2 hash that is kept."""
    return await _in_thread(HASHER.hash, normalise(password))


async def matches(password: str, kept: str | None) -> bool:
    """Whether the password is the one kept; as slow for an account that does not exist."""
    right = await _in_thread(_verify, kept or _nobody(), normalise(password))
    return right and kept is not None


def is_outdated(kept: str) -> bool:
    """Whether a hash was made with weaker parameters than today's."""
    return HASHER.check_needs_rehash(kept)


def _verify(kept: str, password: str) -> bool:
    try:
        return HASHER.verify(kept, password)
    except VerifyMismatchError:
        return False


@cache
def _nobody() -> str:
    return HASHER.hash(secrets.token_hex(16))


async def _in_thread(work: Callable[..., Result], *arguments: object) -> Result:
    return await asyncio.get_running_loop().run_in_executor(HASHING, work, *arguments)
