"""Messages: consent, words, the outbox, and how citizens are asked."""

from surveys.messages.addresses import (
    AddressError,
    case_token,
    normalise,
    rating_token,
    stop_token,
    without_addresses,
)
from surveys.messages.contacts import (
    Consent,
    NewContact,
    Rules,
    take_contacts,
    withdraw_contacts,
)
from surveys.messages.events import CHANNELS, LANGUAGES, Event, catalogue, find_event, samples
from surveys.messages.invitations import Timing, invite_returned
from surveys.messages.lengths import Length, sms_length, without_marks
from surveys.messages.modes import Split, draw_mode, end_plan, list_plans, start_plan
from surveys.messages.outbox import (
    cancel_message,
    claim,
    count_messages,
    list_messages,
    mark_failed,
    mark_sent,
    mark_uncertain,
    queue_message,
    recover,
    resend_uncertain,
    take_receipt,
)
from surveys.messages.sending import Origin, Outgoing, prepare
from surveys.messages.stopping import forget_case, stop_messages
from surveys.messages.templates import (
    Words,
    check_shipped,
    check_words,
    find_words,
    list_versions,
    save_words,
)

__all__ = [
    "CHANNELS",
    "LANGUAGES",
    "AddressError",
    "Consent",
    "Event",
    "Length",
    "NewContact",
    "Origin",
    "Outgoing",
    "Rules",
    "Split",
    "Timing",
    "Words",
    "cancel_message",
    "case_token",
    "catalogue",
    "check_shipped",
    "check_words",
    "claim",
    "count_messages",
    "draw_mode",
    "end_plan",
    "find_event",
    "find_words",
    "forget_case",
    "invite_returned",
    "list_messages",
    "list_plans",
    "list_versions",
    "mark_failed",
    "mark_sent",
    "mark_uncertain",
    "normalise",
    "prepare",
    "queue_message",
    "rating_token",
    "recover",
    "resend_uncertain",
    "samples",
    "save_words",
    "sms_length",
    "start_plan",
    "stop_messages",
    "stop_token",
    "take_contacts",
    "take_receipt",
    "withdraw_contacts",
    "without_addresses",
    "without_marks",
]
