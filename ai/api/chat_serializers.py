"""What apps send and read in chat (api-contract, chat row)."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from ai import chat_pictures
from ai.drafts import disclosure
from ai.models import ChatMessage, ChatSession, Source
from pets.api.fields import MAX_ID

from .serializers import AiMarkAnswer, NamedClinicAnswer

MAX_TEXT = 2000
MAX_BASE64 = 14_000_000  # ten megabytes of picture


class ChatSendInput(serializers.Serializer[Any]):
    """A message: a text, a picture as base64 or data URL, or both."""

    message = serializers.CharField(required=False, allow_blank=True, max_length=MAX_TEXT, default="")
    image = serializers.CharField(required=False, allow_null=True, allow_blank=True, max_length=MAX_BASE64, trim_whitespace=False)
    session_id = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=MAX_ID)
    pet_id = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=MAX_ID)


class ChatNewSessionInput(serializers.Serializer[Any]):
    """Whom the conversation is about, and what it is called; both may be left out."""

    pet_id = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=MAX_ID)
    title = serializers.CharField(required=False, allow_blank=True, max_length=80, default="")


class ChatMessageAnswer(serializers.ModelSerializer[ChatMessage]):
    """One message; `urgent` says that a vet must see the animal now, and `clinics` where."""

    message = serializers.CharField(source="text")
    image_url = serializers.SerializerMethodField()
    source = serializers.ChoiceField(choices=Source.choices, allow_blank=True)  # type: ignore[assignment]  # DRF's Field has one too
    ai_mark = AiMarkAnswer(allow_null=True)
    clinics = NamedClinicAnswer(many=True)

    class Meta:
        model = ChatMessage
        fields = ("id", "role", "message", "image_url", "had_picture", "source", "ai_mark", "urgent", "clinics", "created_at")

    def get_image_url(self, message: ChatMessage) -> str | None:
        return chat_pictures.url_of(message.picture.name or "")


class ChatSessionBrief(serializers.ModelSerializer[ChatSession]):
    """A conversation in the list."""

    message_count = serializers.IntegerField()

    class Meta:
        model = ChatSession
        fields = ("id", "title", "pet", "created_at", "updated_at", "message_count")


class ChatSessionAnswer(serializers.Serializer[Any]):
    """A conversation with all its messages, oldest first; the `id` is null while there is none yet."""

    id = serializers.IntegerField(allow_null=True)
    title = serializers.CharField(allow_blank=True)
    pet = serializers.IntegerField(source="pet_id", allow_null=True)
    created_at = serializers.DateTimeField(allow_null=True)
    updated_at = serializers.DateTimeField(allow_null=True)
    messages = serializers.SerializerMethodField()

    @extend_schema_field(ChatMessageAnswer(many=True))
    def get_messages(self, session: ChatSession) -> list[dict[str, Any]]:
        rows = session.messages.all() if session.pk else ChatMessage.objects.none()
        return [dict(row) for row in ChatMessageAnswer(rows, many=True).data]


class ChatExchangeAnswer(serializers.Serializer[Any]):
    """What was sent and what is answered."""

    session_id = serializers.IntegerField(source="session.pk")
    user_message = ChatMessageAnswer(source="question")
    assistant_message = ChatMessageAnswer(source="reply")
    disclosure = serializers.SerializerMethodField()

    def get_disclosure(self, exchange: Any) -> str:
        return disclosure("chat", exchange.reply.source, exchange.reply.model_name)
