"""How long a result may be. Longer ones are refused before anything looks at them."""

RAW_BYTES = 200_000
NAME = 160
TEXT = 1_200
ITEM = 200
OPTIONS = 6
SECTIONS = 10
ITEMS = 20
MEALS = 12
NOTES = 40
SUGGESTIONS = 40
CHAT = 8_000
