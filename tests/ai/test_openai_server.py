"""The provider against a server over HTTP: what it makes of good answers and of everything else."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from ai.models import Generation
from ai.providers import ModelFailure
from ai.providers.openai_server import OpenAIServer
from ai.schemas import ProposedHealthReport
from tests.ai.model_server import ModelServer, Reply, serving

Outcome = Generation.Outcome
MESSAGES = [{"role": "user", "content": "Hello"}]


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with serving(lambda call: Reply("fine")) as running:
        yield running


def provider(server: ModelServer, max_bytes: int = 256 * 1024) -> OpenAIServer:
    return OpenAIServer(api_key="sk-secret", base_url=server.url, model_name="tiny", max_bytes=max_bytes)


def ask(server: ModelServer, seconds: float = 5) -> Any:
    return provider(server).complete(MESSAGES, shape=None, seconds=seconds)


def test_answer_is_read_with_its_tokens(server: ModelServer) -> None:
    completion = ask(server)

    assert (completion.text, completion.prompt_tokens, completion.completion_tokens) == ("fine", 1000, 200)
    call = server.calls[0]
    assert call.path == "/v1/chat/completions"
    assert call.headers["authorization"] == "Bearer sk-secret"
    assert call.headers["accept-encoding"] == "identity"
    assert json.loads(call.body) == {"model": "tiny", "messages": MESSAGES, "max_completion_tokens": 4000}


def test_shape_is_asked_for_as_a_strict_schema(server: ModelServer) -> None:
    provider(server).complete(MESSAGES, shape=ProposedHealthReport, seconds=5)

    asked = json.loads(server.calls[0].body)["response_format"]
    assert asked["type"] == "json_schema"
    assert asked["json_schema"]["strict"] is True
    assert asked["json_schema"]["schema"]["additionalProperties"] is False
    assert sorted(asked["json_schema"]["schema"]["required"]) == ["suggestions", "summary"]


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (Reply(None, refusal="I will not."), Outcome.REFUSED),
        (Reply("", finish_reason="content_filter"), Outcome.REFUSED),
        (Reply("half a", finish_reason="length"), Outcome.TRUNCATED),
        (Reply(None), Outcome.MALFORMED),
        (Reply(raw=b"not json"), Outcome.MALFORMED),
        (Reply(raw=b"{}"), Outcome.MALFORMED),
        (Reply(raw=b'{"choices": []}'), Outcome.MALFORMED),
        (Reply(raw=b'{"choices": [{"message": null}]}'), Outcome.MALFORMED),
        (Reply(raw=b"[1, 2]"), Outcome.MALFORMED),
        (Reply(raw=b"x" * 10_000_000), Outcome.TOO_LARGE),
        (Reply("big " * 100_000), Outcome.TOO_LARGE),
        (Reply("packed", headers={"Content-Encoding": "gzip"}), Outcome.MALFORMED),
        (Reply("", status=500), Outcome.UNAVAILABLE),
        (Reply("", status=401), Outcome.UNAVAILABLE),
        (Reply("", status=429), Outcome.UNAVAILABLE),
        (Reply("", status=302, headers={"Location": "http://127.0.0.1:9/"}), Outcome.UNAVAILABLE),
    ],
)
def test_anything_else_is_a_failure_with_its_name(server: ModelServer, reply: Reply, outcome: Outcome) -> None:
    server.answer = lambda call: reply

    with pytest.raises(ModelFailure) as caught:
        ask(server)

    assert caught.value.outcome == outcome
    assert len(server.calls) == 1  # nothing is retried behind our back


@pytest.mark.parametrize("reply", [Reply("late", delay=30), Reply("dripping", drip=0.2)])
def test_slow_answer_ends_in_time(server: ModelServer, reply: Reply) -> None:
    server.answer = lambda call: reply
    began = time.monotonic()

    with pytest.raises(ModelFailure) as caught:
        ask(server, seconds=0.5)

    assert caught.value.outcome == Outcome.TIMED_OUT
    assert time.monotonic() - began < 5


def test_no_server_at_all_is_unavailable() -> None:
    nobody = ModelServer(url="http://127.0.0.1:9/v1")

    with pytest.raises(ModelFailure) as caught:
        ask(nobody)

    assert caught.value.outcome == Outcome.UNAVAILABLE
