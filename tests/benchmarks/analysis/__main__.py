"""`python -m tests.benchmarks.analysis [PART…]`."""

import sys

from tests.benchmarks.__main__ import refuse_unknown, report
from tests.benchmarks.analysis import PARTS, measure

wanted = [name for name in sys.argv[1:] if name]
if refuse_unknown(wanted, PARTS, "part"):
    sys.exit(2)
report("analysis", lambda: measure(wanted))
