"""Doors for apps: conversations about one's own pets."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from ai import chat_pictures, selectors, services
from ai.models import ChatSession
from fammo.api import idempotency
from fammo.api.pagination import ListPagination
from fammo.api.views import APIView

from .chat_serializers import ChatExchangeAnswer, ChatNewSessionInput, ChatSendInput, ChatSessionAnswer, ChatSessionBrief
from .views import caller, language_of_answer, refuse_if_unanswered, retry_of

TAGS = ["chat"]


class ActiveSessionView(APIView):
    query_parameters = ()

    @extend_schema(operation_id="chat_active", tags=TAGS, responses={200: ChatSessionAnswer})
    def get(self, request: Request) -> Response:
        """The conversation that was used last, with its messages; an empty one without `id` when there is none."""
        return Response(ChatSessionAnswer(selectors.active_session_of(caller(request)) or ChatSession()).data)


class SessionListView(APIView):
    query_parameters = ListPagination.query_parameters
    list_cap = 1000

    @extend_schema(operation_id="chat_sessions_list", tags=TAGS, responses={200: ChatSessionBrief(many=True)})
    def get(self, request: Request) -> Response:
        """The caller's conversations, the latest used first."""
        return self.list_response(selectors.sessions_of(caller(request)), present=lambda session: ChatSessionBrief(session).data)


class NewSessionView(APIView):
    @extend_schema(operation_id="chat_sessions_create", tags=TAGS, request=ChatNewSessionInput, responses={201: ChatSessionAnswer})
    def post(self, request: Request) -> Response:
        """A new conversation; it becomes the active one."""
        given = ChatNewSessionInput(data=request.data)
        given.is_valid(raise_exception=True)
        session = services.start_session(actor=caller(request), **given.validated_data)
        return Response(ChatSessionAnswer(session).data, status=status.HTTP_201_CREATED)


class SessionView(APIView):
    query_parameters = ()

    @extend_schema(operation_id="chat_sessions_retrieve", tags=TAGS, responses={200: ChatSessionAnswer})
    def get(self, request: Request, session_id: int) -> Response:
        """One conversation with its messages, oldest first."""
        return Response(ChatSessionAnswer(selectors.session_of(caller(request), session_id)).data)

    @extend_schema(operation_id="chat_sessions_delete", tags=TAGS, responses={204: None})
    def delete(self, request: Request, session_id: int) -> Response:
        """Delete the conversation with everything in it."""
        services.delete_session(actor=caller(request), session_id=session_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ClearSessionView(APIView):
    @extend_schema(operation_id="chat_sessions_clear", tags=TAGS, request=None, responses={200: ChatSessionAnswer})
    def post(self, request: Request, session_id: int) -> Response:
        """Delete the messages of the conversation; it stays."""
        return Response(ChatSessionAnswer(services.clear_session(actor=caller(request), session_id=session_id)).data)


class MessageView(APIView):
    @extend_schema(operation_id="chat_messages_delete", tags=TAGS, responses={204: None})
    def delete(self, request: Request, message_id: int) -> Response:
        """Delete one message."""
        services.delete_message(actor=caller(request), message_id=message_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class SendView(APIView):
    throttle_scope = "chat"
    keeps_own_answers = True

    @extend_schema(operation_id="chat_send", tags=TAGS, request=ChatSendInput, responses={200: ChatExchangeAnswer})
    def post(self, request: Request) -> Response:
        """Send a message with a text, a picture or both, and read the answer."""
        retry = retry_of(request)
        given = ChatSendInput(data=request.data)
        given.is_valid(raise_exception=True)
        first = selectors.generation_for_key(caller(request), retry.key) if retry.key else None
        if first is not None:
            refuse_if_unanswered(first, retry)
            question, reply = selectors.exchange_of(first)
            again = services.Exchange(session=reply.session, question=question, reply=reply)
            return Response(ChatExchangeAnswer(again).data, headers={idempotency.REPLAYED: "true"})
        values = given.validated_data
        exchange = services.send_message(
            actor=caller(request),
            text=values["message"],
            language=language_of_answer(),
            picture=chat_pictures.decoded(values["image"]) if values.get("image") else None,
            session_id=values.get("session_id"),
            pet_id=values.get("pet_id"),
            retry=retry,
        )
        return Response(ChatExchangeAnswer(exchange).data)
