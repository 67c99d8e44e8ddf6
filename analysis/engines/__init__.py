"""Where rows come from: columns in memory, Parquet files, or workers on many machines.

The only room with input and output. An engine has one method, `fold`; what is folded, and all
that is done with the sums, is the same code for every engine.
"""

from analysis.engines.memory import InMemory
from analysis.engines.parquet import ParquetFiles
from analysis.engines.workers import DaskWorkers

__all__ = ["DaskWorkers", "InMemory", "ParquetFiles"]
