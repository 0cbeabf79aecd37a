"""The one way in which Fammo asks other servers: to hosts on a list, for a limited time, for a limited number of bytes.

Whoever needs a further host names it in ``fammo.settings.outbound``. Nothing here knows what is asked for.
"""

from .client import Refused, Unreachable, fetch, fetch_json

__all__ = ["Refused", "Unreachable", "fetch", "fetch_json"]
