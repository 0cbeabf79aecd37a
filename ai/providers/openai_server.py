"""Any server that speaks OpenAI's protocol, through the official client; bounded in time and in bytes."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

import httpx2
import openai
from openai.types.chat import ChatCompletion
from pydantic import BaseModel

from ai.models import Generation

from .base import Completion, Message, ModelFailure

Outcome = Generation.Outcome
CONNECT_SECONDS = 5.0
MAX_COMPLETION_TOKENS = 4000


class OpenAIServer:
    """One model on one server. A call is made once: whether to ask again is decided above."""

    def __init__(self, *, api_key: str, base_url: str, model_name: str, max_bytes: int) -> None:
        self.model_name = model_name
        self.base_url = base_url
        self._api_key = api_key
        self._max_bytes = max_bytes

    def complete(self, messages: Sequence[Message], *, shape: type[BaseModel] | None, seconds: float) -> Completion:
        """The model's answer. Raises ``ModelFailure``, at the latest after ``seconds``."""
        seconds = round(seconds, 1)  # the client tells it in a header
        timeout = httpx2.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds))
        transport = BoundedTransport(max_bytes=self._max_bytes, deadline=time.monotonic() + seconds)
        try:
            with (
                httpx2.Client(transport=transport, timeout=timeout, follow_redirects=False) as http,
                openai.OpenAI(api_key=self._api_key, base_url=self.base_url, max_retries=0, timeout=timeout, http_client=http) as client,
            ):
                return _read(client.chat.completions.create(**self._request(messages, shape)))
        except openai.APITimeoutError as exc:
            raise ModelFailure(Outcome.TIMED_OUT) from exc
        except openai.APIResponseValidationError as exc:
            raise ModelFailure(Outcome.MALFORMED) from exc
        except (openai.OpenAIError, httpx2.HTTPError) as exc:
            raise ModelFailure(Outcome.UNAVAILABLE) from exc
        except (ValueError, TypeError, AttributeError, IndexError) as exc:  # not the protocol: the client reads without checking
            raise ModelFailure(Outcome.MALFORMED) from exc

    def _request(self, messages: Sequence[Message], shape: type[BaseModel] | None) -> dict[str, Any]:
        request: dict[str, Any] = {
            "model": self.model_name,
            "messages": list(messages),
            "max_completion_tokens": MAX_COMPLETION_TOKENS,
            "extra_headers": {"Accept-Encoding": "identity"},  # what is counted is what arrives
        }
        if shape is not None:
            schema = {"name": shape.__name__, "schema": shape.model_json_schema(), "strict": True}
            request["response_format"] = {"type": "json_schema", "json_schema": schema}
        return request


class BoundedTransport(httpx2.BaseTransport):
    """Reads no more than ``max_bytes`` and no longer than until ``deadline``, however slowly a server drips."""

    def __init__(self, *, max_bytes: int, deadline: float) -> None:
        self._inner = httpx2.HTTPTransport()
        self._max_bytes = max_bytes
        self._deadline = deadline

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        response = self._inner.handle_request(request)
        if response.headers.get("Content-Encoding", "identity") != "identity":
            response.close()
            raise ModelFailure(Outcome.MALFORMED)
        response.stream = _BoundedStream(response.stream, self._max_bytes, self._deadline)
        return response

    def close(self) -> None:
        self._inner.close()


class _BoundedStream(httpx2.SyncByteStream):
    def __init__(self, inner: Any, max_bytes: int, deadline: float) -> None:
        self._inner = inner
        self._left = max_bytes
        self._deadline = deadline

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._inner:
            self._left -= len(chunk)
            if self._left < 0:
                raise ModelFailure(Outcome.TOO_LARGE)
            if time.monotonic() > self._deadline:
                raise httpx2.ReadTimeout("the answer dripped in too slowly")
            yield chunk

    def close(self) -> None:
        self._inner.close()


def _read(answer: ChatCompletion) -> Completion:
    choice = answer.choices[0]
    if choice.message.refusal or choice.finish_reason == "content_filter":
        raise ModelFailure(Outcome.REFUSED)
    if choice.finish_reason == "length":
        raise ModelFailure(Outcome.TRUNCATED)
    if not isinstance(choice.message.content, str):
        raise ModelFailure(Outcome.MALFORMED)
    usage = answer.usage
    return Completion(
        text=choice.message.content,
        prompt_tokens=_count(usage.prompt_tokens) if usage else 0,
        completion_tokens=_count(usage.completion_tokens) if usage else 0,
    )


def _count(value: Any) -> int:
    """A number of tokens as a server says it, if it can be one."""
    return value if isinstance(value, int) and 0 <= value < 2**31 else 0
