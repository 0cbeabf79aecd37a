"""``erase_person EMAIL``: what ``DELETE me/`` does, at once."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fammo.accounts import services
from fammo.accounts.models import Erasure, User


class Command(BaseCommand):
    help = "Erase a person at once and print the receipt. It cannot be taken back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the address of the account")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        user = User.objects.filter(email=User.normalise_email(email)).first()
        if user is None:
            raise CommandError("Nobody has an account with this address.")
        erasure = services.request_erasure(user=user, origin=Erasure.Origin.OPERATOR, actor=None, delay=timedelta(0))
        self.stdout.write(f"Receipt {erasure.pk}")
        for title, parts in (("erased", "erased"), ("kept without a name", "unlinked"), ("kept", "kept")):
            for part in erasure.receipt[parts]:
                reason = f" ({' '.join(part['why'])})" if "why" in part else ""
                self.stdout.write(f"  {title}: {part['rows']} {part['what']}{reason}")
