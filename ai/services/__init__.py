"""What people do with generated advice and in chat. Every door (API, demo content, commands) comes through here."""

from .chat import Exchange, clear_session, delete_message, delete_session, remove_old_pictures, send_message, start_session
from .generation import complete_generation, generate_advice, promise_result, settle_abandoned, store_draft, store_free_advice
from .quota import Retry, release_generation, reserve_generation
from .waiting import seat, wait_for

__all__ = [
    "Exchange",
    "Retry",
    "clear_session",
    "complete_generation",
    "delete_message",
    "delete_session",
    "generate_advice",
    "promise_result",
    "release_generation",
    "remove_old_pictures",
    "reserve_generation",
    "seat",
    "send_message",
    "settle_abandoned",
    "start_session",
    "store_draft",
    "store_free_advice",
    "wait_for",
]
