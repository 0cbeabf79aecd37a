"""What people write is no formula in any CSV file of the admin."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from fammo.cms.spreadsheets import FORMULA_STARTS, as_text
from tests.factories import accounts, clinics

pytestmark = pytest.mark.django_db

FORMULA = '=HYPERLINK("http://x.example")'


@pytest.mark.parametrize("report", ["site-history", "workflow", "workflow_tasks"])
def test_wagtails_reports_hold_no_formulas(client: Client, report: str) -> None:
    clinics.pending(name=FORMULA)
    client.force_login(accounts.superuser())

    answer = client.get(f"/admin/reports/{report}/?export=csv")

    cells = [cell for row in csv.reader(io.StringIO(b"".join(answer).decode())) for cell in row]
    assert any(cell.startswith(f"'{FORMULA}") for cell in cells)
    assert not any(cell.startswith(FORMULA_STARTS) for cell in cells)


@pytest.mark.parametrize("text", ["-", "Happy Paws", "4.2-beta", ""])
def test_other_words_stay_as_they_are(text: str) -> None:
    assert as_text(text) == text
