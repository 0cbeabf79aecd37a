"""Language models behind one interface: what is sent, what comes back, and what to do with a server that fails."""

from .base import Completion, Message, ModelFailure, Provider, configured, model_for

__all__ = ["Completion", "Message", "ModelFailure", "Provider", "configured", "model_for"]
