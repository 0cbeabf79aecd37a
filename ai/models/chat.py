"""Conversations about a person's own pets."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ai.querysets import ChatMessageQuerySet, ChatSessionQuerySet
from fammo.common.privacy import NOT_PERSONAL, Declaration, Personal
from pets.models import Pet

from .generations import Generation, Source

TALK = "Answering questions about the pet in their context."
UNTIL_DELETED = "Until the person deletes the conversation or the account."
PICTURE_LIFETIME = timedelta(days=7)


class ChatSession(models.Model):
    """One conversation; ``pet`` is whom it is about, when the person has said so."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("user"), on_delete=models.CASCADE, related_name="chat_sessions")
    pet = models.ForeignKey(Pet, verbose_name=_("pet"), on_delete=models.SET_NULL, null=True, blank=True, related_name="chat_sessions")
    title = models.CharField(_("title"), max_length=80, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last used at"), auto_now=True)

    objects = ChatSessionQuerySet.as_manager()

    personal: ClassVar[Declaration] = {
        "id": NOT_PERSONAL,
        "user": Personal(purpose="Whose conversation it is.", retention=UNTIL_DELETED),
        "pet": Personal(purpose=TALK, retention=UNTIL_DELETED),
        "title": Personal(purpose="Finding the conversation again.", retention=UNTIL_DELETED),
        "created_at": Personal(purpose=TALK, retention=UNTIL_DELETED),
        "updated_at": NOT_PERSONAL,
    }

    class Meta:
        verbose_name = _("chat session")
        verbose_name_plural = _("chat sessions")
        ordering = ("-updated_at", "-pk")
        default_permissions = ()
        indexes = (models.Index(fields=("user", "-updated_at"), name="ai_chat_of_person"),)

    def __str__(self) -> str:
        return f"#{self.pk}"


class ChatMessage(models.Model):
    """One message of a conversation. A picture is kept for a week; that there was one stays."""

    class Role(models.TextChoices):
        USER = "user", _("Person")
        ASSISTANT = "assistant", _("Assistant")

    session = models.ForeignKey(ChatSession, verbose_name=_("chat session"), on_delete=models.CASCADE, related_name="messages")
    role = models.CharField(_("role"), max_length=10, choices=Role)
    text = models.TextField(_("text"), blank=True)
    picture = models.FileField(_("picture"), max_length=200, blank=True, db_index=True)
    had_picture = models.BooleanField(_("came with a picture"), default=False)
    source = models.CharField(_("source"), max_length=8, choices=Source, blank=True)
    model_name = models.CharField(_("model"), max_length=100, blank=True)
    rules_version = models.CharField(_("rules version"), max_length=40, blank=True)
    ai_mark = models.JSONField(_("AI mark"), null=True, blank=True)
    urgent = models.BooleanField(_("says: see a vet now"), default=False)
    clinics = models.JSONField(_("clinics named"), default=list, blank=True)
    generation = models.OneToOneField(
        Generation, verbose_name=_("generation"), on_delete=models.SET_NULL, null=True, blank=True, related_name="chat_message"
    )
    created_at = models.DateTimeField(_("sent at"), auto_now_add=True)

    objects = ChatMessageQuerySet.as_manager()

    personal: ClassVar[Declaration] = {
        "id": NOT_PERSONAL,
        "session": NOT_PERSONAL,
        "role": Personal(purpose=TALK, retention=UNTIL_DELETED),
        "text": Personal(purpose=TALK, retention=UNTIL_DELETED, for_model=True),
        "picture": Personal(purpose=TALK, retention="Seven days.", for_model=True),
        "had_picture": Personal(purpose=TALK, retention=UNTIL_DELETED),
        "clinics": Personal(purpose=TALK, retention=UNTIL_DELETED),
        "created_at": Personal(purpose=TALK, retention=UNTIL_DELETED),
        **dict.fromkeys(("source", "model_name", "rules_version", "ai_mark", "urgent", "generation"), NOT_PERSONAL),
    }

    class Meta:
        verbose_name = _("chat message")
        verbose_name_plural = _("chat messages")
        ordering = ("created_at", "pk")
        default_permissions = ()
        constraints = (
            models.CheckConstraint(condition=~Q(text="") | Q(had_picture=True), name="ai_chat_message_says_something"),
            models.CheckConstraint(condition=Q(role="user") | ~Q(source=""), name="ai_chat_answer_has_its_source"),
        )

    def __str__(self) -> str:
        return f"#{self.pk}"
