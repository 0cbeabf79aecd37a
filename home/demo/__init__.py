"""The demo content: people, legal documents, onboarding slides, clinics and pets, made through the same services as real ones.

Each object is made once. Its ``DemoRecord`` is written in the same transaction, so an interrupted load goes on where it
stopped, and what a person changed or deleted since is never written again.
"""

from .loading import PARTS, PartReport, load_demo
from .objects import DemoFailed

__all__ = ["PARTS", "DemoFailed", "PartReport", "load_demo"]
