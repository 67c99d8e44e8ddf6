"""Webhooks: other programs are told of what happens to cases, signed, again until it is taken."""

from surveys.reflections.states import TOLD
from surveys.webhooks.delivering import (
    DISTANCES,
    claim_delivery,
    list_deliveries,
    mark_not_told,
    mark_told,
    payload_of,
    recover_deliveries,
    send_again,
    send_test,
)
from surveys.webhooks.registering import (
    add_webhook,
    check_url,
    find_webhook,
    list_programs,
    list_webhooks,
    rotate_secret,
    start_webhook,
    stop_webhook,
)
from surveys.webhooks.secrets import Seal, read, sign, written

__all__ = [
    "DISTANCES",
    "TOLD",
    "Seal",
    "add_webhook",
    "check_url",
    "claim_delivery",
    "find_webhook",
    "list_deliveries",
    "list_programs",
    "list_webhooks",
    "mark_not_told",
    "mark_told",
    "payload_of",
    "read",
    "recover_deliveries",
    "rotate_secret",
    "send_again",
    "send_test",
    "sign",
    "start_webhook",
    "stop_webhook",
    "written",
]
