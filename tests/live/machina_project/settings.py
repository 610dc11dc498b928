"""A small machina forum as its documentation sets one up, without a search index.

``LIVE_FORUM_FOLDER`` holds the database; ``LIVE_FORUM_LANGUAGE`` and ``LIVE_FORUM_ZONE`` are the
language and the clock its pages are written in, ``LIVE_FORUM_POSTS`` and ``LIVE_FORUM_TOPICS`` how
many stand on a page.
"""

import os
from pathlib import Path

from machina import MACHINA_MAIN_TEMPLATE_DIR

FOLDER = Path(os.environ["LIVE_FORUM_FOLDER"])

SECRET_KEY = "for loopback only"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "tests.live.machina_project.urls"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
LOGGING_CONFIG = None

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "mptt",
    "haystack",
    "widget_tweaks",
    "machina",
    "machina.apps.forum",
    "machina.apps.forum_conversation",
    "machina.apps.forum_conversation.forum_attachments",
    "machina.apps.forum_conversation.forum_polls",
    "machina.apps.forum_feeds",
    "machina.apps.forum_moderation",
    "machina.apps.forum_search",
    "machina.apps.forum_tracking",
    "machina.apps.forum_member",
    "machina.apps.forum_permission",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "machina.apps.forum_permission.middleware.ForumPermissionMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [MACHINA_MAIN_TEMPLATE_DIR],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.contrib.auth.context_processors.auth",
                "django.template.context_processors.i18n",
                "django.template.context_processors.static",
                "django.template.context_processors.tz",
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "machina.core.context_processors.metadata",
            ]
        },
    }
]
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "machina_attachments": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
}
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": FOLDER / "db.sqlite3",
        "CONN_MAX_AGE": None,
    }
}

LANGUAGE_CODE = os.environ["LIVE_FORUM_LANGUAGE"]
TIME_ZONE = os.environ["LIVE_FORUM_ZONE"]
USE_I18N = True
USE_TZ = True
STATIC_URL = "/static/"
LOGIN_URL = "/accounts/login/"

MACHINA_FORUM_NAME = "Góc chủ shop"
MACHINA_TOPIC_POSTS_NUMBER_PER_PAGE = int(os.environ["LIVE_FORUM_POSTS"])
MACHINA_FORUM_TOPICS_NUMBER_PER_PAGE = int(os.environ["LIVE_FORUM_TOPICS"])
