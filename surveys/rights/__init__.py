"""Rights to rate that cannot be traced: blind signatures, their keys, and tickets."""

from surveys.rights.errors import UNKNOWN_CODE, BlindedError, UnknownRightError, refused
from surveys.rights.keys import Sealing, Terms
from surveys.rights.listing import ListedKey, list_keys
from surveys.rights.signing import OfferedKey, offer_key, sign_blinded
from surveys.rights.slips import Slip, make_all_slips, make_slips, print_slips
from surveys.rights.tickets import SentTicket, check_tickets

__all__ = [
    "UNKNOWN_CODE",
    "BlindedError",
    "ListedKey",
    "OfferedKey",
    "Sealing",
    "SentTicket",
    "Slip",
    "Terms",
    "UnknownRightError",
    "check_tickets",
    "list_keys",
    "make_all_slips",
    "make_slips",
    "offer_key",
    "print_slips",
    "refused",
    "sign_blinded",
]
