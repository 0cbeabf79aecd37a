"""The shapes of the configuration endpoints; they document and check nothing, for the selectors already give plain data."""

from __future__ import annotations

from rest_framework import serializers

from fammo.common import languages


class PingSerializer(serializers.Serializer[dict[str, str]]):
    status = serializers.CharField(help_text="`ok` when the process answers.")
    version = serializers.CharField()
    time = serializers.DateTimeField(help_text="The server's clock, UTC.")


class AssetsSerializer(serializers.Serializer[dict[str, str]]):
    logo = serializers.URLField()
    favicon = serializers.URLField()
    placeholder_pet = serializers.URLField()


class ConfigSerializer(serializers.Serializer[dict[str, str]]):
    base_url = serializers.URLField(help_text="Scheme and host, without /api.")
    static_url = serializers.URLField()
    media_url = serializers.URLField()
    assets = AssetsSerializer()
    support_email = serializers.CharField(allow_blank=True)
    api_version = serializers.CharField()


class LanguageSerializer(serializers.Serializer[dict[str, str]]):
    code = serializers.ChoiceField(choices=languages.CHOICES)
    name = serializers.CharField(help_text="In English.")
    native_name = serializers.CharField()


class LanguagesSerializer(serializers.Serializer[dict[str, str]]):
    languages = LanguageSerializer(many=True)


class SlideSerializer(serializers.Serializer[dict[str, str]]):
    id = serializers.IntegerField(help_text="The same in every language.")
    order = serializers.IntegerField()
    title = serializers.CharField()
    description = serializers.CharField()
    button_text = serializers.CharField()
    icon_url = serializers.URLField(help_text="Absolute, never null.")
    language = serializers.ChoiceField(choices=languages.CHOICES, help_text="The language of these words.")
