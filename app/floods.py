"""Brakes on floods of reflections: so many in a minute, whoever sends them.

Many people share one address, so nobody is counted by address, as with codes (app/guessing.py).
Nobody's letter is lost: the page comes back with everything that was typed. What opens no case has
a brake of its own, so that whoever sends nothing but faults keeps nobody's letter waiting.
"""

from typing import Final

from app.limits import Limit

A_MINUTE: Final = 60
REFUSED_A_MINUTE: Final = 600

letters = Limit(A_MINUTE)
refused = Limit(REFUSED_A_MINUTE)
