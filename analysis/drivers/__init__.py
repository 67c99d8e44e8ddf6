"""Which factor moves overall satisfaction, and how well each is done."""

from analysis.drivers.importance import share_by_averaging, share_by_weights
from analysis.drivers.table import Drivers, find_drivers

__all__ = ["Drivers", "find_drivers", "share_by_averaging", "share_by_weights"]
