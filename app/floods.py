"""A brake on floods of reflections: so many in a minute, whoever sends them.

Many people share one address, so nobody is counted by address, as with codes (app/guessing.py).
Nobody's letter is lost: the page comes back with everything that was typed.
"""

from typing import Final

from app.limits import Limit

A_MINUTE: Final = 60

letters = Limit(A_MINUTE)
