"""How long a language model may take and how much it may say (docs/decisions/0016)."""

# A request waits this long for a result that a worker is writing, then it answers 202.
AI_WAIT_SECONDS = 20.0
# From the first byte sent to the last one read, the second attempt included.
AI_MODEL_SECONDS = 40.0
AI_CHAT_SECONDS = 15.0
AI_MODEL_MAX_BYTES = 256 * 1024
# Workers wait for models in threads of their own, so that mail never waits for a model.
AI_WORKER_THREADS = 4
# Answers of the assistant in a month, whatever the plan; what is urgent is always answered.
AI_CHAT_MONTHLY_ANSWERS = 100
