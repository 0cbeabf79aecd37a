"""What is installed, the middleware chain and the templates."""

from .current import ENV, ROOT

DEBUG = ENV.debug
ROOT_URLCONF = "fammo.urls"
WSGI_APPLICATION = "fammo.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    # Ours come first: a snippet is in Wagtail's v3 API only if its app is ready before wagtail.snippets,
    # and our templates override Wagtail's.
    "home",
    "ai",
    "clinics",
    "pets",
    "legal",
    "fammo.server",
    "fammo.accounts",
    "fammo.privacy",
    "fammo.cms",
    "fammo.mail",
    "fammo.jobs",
    "fammo.api",
    "fammo.audit",
    "modeltranslation",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail_modeladmin",
    "wagtail.api.v3",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "fammo.accounts.wagtail_users.apps.FammoUsersConfig",  # wagtail.users with our people
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "ninja",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "drf_standardized_errors",
    "django_filters",
    "corsheaders",
    "waffle",
    "csp",
    "anymail",
    "django_tasks",
    "django_tasks_db",
    "django_structlog",
    "phonenumber_field",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
]
if ENV.tasks == "rq":
    INSTALLED_APPS += ["django_rq", "django_tasks_rq"]

MIDDLEWARE = [
    "fammo.api.middleware.ConventionsMiddleware",
    "fammo.api.stored.StoredAnswersMiddleware",
    "fammo.api.compression.CompressionMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "fammo.api.headers.BrowserPolicyMiddleware",
    "fammo.cms.middleware.CmsApiNeedsAToken",
    "fammo.cms.middleware.DomainErrorsInAdmin",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "site" / "fammo" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]
