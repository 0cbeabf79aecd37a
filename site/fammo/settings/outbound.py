"""Whom Fammo may ask (fammo.outbound): hosts by name, and private networks only where the operator named them."""

from urllib.parse import urlsplit

from .current import ENV

PUBLIC_NOMINATIM = "https://nominatim.openstreetmap.org"
NOMINATIM_URL = ENV.nominatim_url or PUBLIC_NOMINATIM
OUTBOUND_HOSTS = frozenset(
    urlsplit(url).hostname
    for url, is_asked in ((NOMINATIM_URL, ENV.geocoder == "nominatim"), (ENV.google_keys_url, bool(ENV.google_client_ids)))
    if is_asked
)
OUTBOUND_PRIVATE_NETWORKS = ENV.outbound_private_networks
