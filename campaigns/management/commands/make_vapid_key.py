"""Print a new key for push messages, alone on the last line."""

import base64
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Print a new VAPID_PRIVATE_KEY. Nothing is kept."

    def handle(self, *args: Any, **options: Any) -> None:
        number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
        key = base64.urlsafe_b64encode(number.to_bytes(32, "big")).rstrip(b"=").decode()
        self.stdout.write("Set it as VAPID_PRIVATE_KEY, and keep it well: it is shown only now.")
        self.stdout.write(key)
