"""How messages leave the house: channels behind one Protocol, fed by the outbox."""

from app.delivery.channels import Attempt, Channel, Failed, Sent, Uncertain
from app.delivery.configuration import (
    FileConfig,
    is_quiet,
    make_channels,
    quiet_hours,
    read_channels,
)
from app.delivery.files import FileChannel
from app.delivery.gateway import GatewayChannel, GatewayConfig, ReceiptsConfig, look_up
from app.delivery.smtp import SmtpChannel, SmtpConfig
from app.delivery.worker import Sender, deliver, make_sender

__all__ = [
    "Attempt",
    "Channel",
    "Failed",
    "FileChannel",
    "FileConfig",
    "GatewayChannel",
    "GatewayConfig",
    "ReceiptsConfig",
    "Sender",
    "Sent",
    "SmtpChannel",
    "SmtpConfig",
    "Uncertain",
    "deliver",
    "is_quiet",
    "look_up",
    "make_channels",
    "make_sender",
    "quiet_hours",
    "read_channels",
]
