"""Errors of the statistical rooms; each message says what to do about it."""


class AnalysisError(ValueError):
    """A computation that was refused, with the reason and the remedy."""


class DesignError(AnalysisError):
    """A sampling design that cannot give a variance as it was described."""


class CalibrationError(AnalysisError):
    """Totals, margins or bounds that no weights can meet."""


class DataError(AnalysisError):
    """Columns or values that do not fit what was asked of them."""
