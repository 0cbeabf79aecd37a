"""Legal pages that editors write, versions that bind, and the ledger of who agreed to what."""

from .ledger import ConsentEvent, ConsentHead, ConsentOrigin, ConsentSubject, Purpose, UserConsent
from .pages import LegalApprovalTask, LegalIndexPage, LegalPage, ReviewedTexts
from .terms import WatchedTerm
from .versions import DocumentType, LegalText, LegalVersion

__all__ = [
    "ConsentEvent",
    "ConsentHead",
    "ConsentOrigin",
    "ConsentSubject",
    "DocumentType",
    "LegalApprovalTask",
    "LegalIndexPage",
    "LegalPage",
    "LegalText",
    "LegalVersion",
    "Purpose",
    "ReviewedTexts",
    "UserConsent",
    "WatchedTerm",
]
