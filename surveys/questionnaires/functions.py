"""The XPath functions that ODK forms may call, and how many arguments each takes.

Names and arguments: the ODK XForms specification, and JavaRosa 5, the engine of ODK Collect.
"""

from typing import Final

_ANY: Final = 999


def _arities(table: str) -> dict[str, tuple[int, int]]:
    arities = {}
    for entry in table.split():
        name, _, counts = entry.rpartition("/")
        least, _, most = counts.partition("-")
        arities[name] = (int(least), _ANY if most == "n" else int(most or least))
    return arities


# name/arguments, or name/least-most; n is without limit.
FUNCTIONS: Final = _arities(
    """abs/1 acos/1 area/1-n asin/1 atan/1 atan2/2 base64-decode/1 boolean/1
    boolean-from-string/1 checklist/3-n coalesce/2-n concat/0-n contains/2 cos/1 count/1
    count-non-empty/1 count-selected/1 current/0 date/1 date-time/1 decimal-date-time/1
    decimal-time/1 depend/1-n digest/2-3 distance/1-n enclosed-area/1-n ends-with/2 exp/1 exp10/1
    extract-signed/2 false/0 format-date/2 format-date-time/2 geofence/2 id/1 if/3
    indexed-repeat/3-7 instance/1 int/1 jr:choice-name/2 jr:itext/1 join/1-n last/0 log/1 log10/1
    max/1-n min/1-n normalize-space/0-1 not/1 now/0 number/0-1 once/1 pi/0 position/0-1 pow/2
    property/1 pulldata/4-n random/0 randomize/1-2 regex/2 round/1-2 selected/2 selected-at/2
    sin/1 sqrt/1 starts-with/2 string/0-1 string-length/0-1 substr/2-3 substring-after/2
    substring-before/2 sum/1 tan/1 today/0 translate/3 true/0 uuid/0-1 version/0
    weighted-checklist/4-n"""
)


class UnknownFunctionError(ValueError):
    """A function that ODK forms do not have, or the wrong number of arguments for it."""


def check_call(name: str, arguments: int) -> None:
    """Raise UnknownFunctionError unless `name` is known and takes so many arguments."""
    if name not in FUNCTIONS:
        raise UnknownFunctionError(f"{name}()")
    least, most = FUNCTIONS[name]
    if not least <= arguments <= most:
        raise UnknownFunctionError(f"{name}({', '.join('?' * arguments)})")
