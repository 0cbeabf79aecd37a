"""Four languages, one time zone in storage."""

from zoneinfo import available_timezones

from fammo.common import languages

from .current import ROOT

LANGUAGES = [(language.code, language.native_name) for language in languages.LANGUAGES]
LANGUAGE_CODE = "en"
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
MODELTRANSLATION_LANGUAGES = tuple(code for code, _ in LANGUAGES)
MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
LOCALE_PATHS = [ROOT / "locale"]
USE_I18N = True
WAGTAIL_I18N_ENABLED = True
USE_TZ = True
TIME_ZONE = "UTC"
# "localtime" is a file of some machines that browsers do not know; Wagtail's account page fails on it.
WAGTAIL_USER_TIME_ZONES = sorted(available_timezones() - {"localtime"})
PHONENUMBER_DEFAULT_REGION = "FI"
PHONENUMBER_DEFAULT_FORMAT = "INTERNATIONAL"
