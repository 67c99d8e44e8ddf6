"""What can go wrong in the domain. Each message tells its reader what to do."""


class DomainError(Exception):
    """Base of all domain errors; `str()` of it is fit for the person who caused it."""


class NotFoundError(DomainError):
    """What was asked for does not exist, or not for this person."""


class InputError(DomainError):
    """What was sent cannot be taken; nothing was stored."""


class StateError(DomainError):
    """The thing exists but is not in a state in which this can be done."""


class ForbiddenError(DomainError):
    """This person may not do this."""
