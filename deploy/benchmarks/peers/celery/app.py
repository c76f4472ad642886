"""Messages that are created over HTTP and posted at their instant, as one makes them of Django, Django REST framework and Celery with Redis.

A message is a row; creating commits it and then enqueues a task with its eta; the task posts the content and commits that it was delivered.
"""

import os
import threading
import uuid

import django
import requests
from celery import Celery
from django.conf import settings

settings.configure(
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "postgres",
            "USER": "postgres",
            "HOST": "127.0.0.1",
            "PORT": os.environ["PEER_POSTGRES_PORT"],
            "CONN_MAX_AGE": None,
        }
    },
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF="app",
    INSTALLED_APPS=["rest_framework"],
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": [],
        "DEFAULT_PERMISSION_CLASSES": [],
        "UNAUTHENTICATED_USER": None,
    },
    USE_TZ=True,
    SECRET_KEY="of a benchmark",
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework import serializers  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.views import APIView  # noqa: E402

celery = Celery("app", broker=os.environ["PEER_REDIS"])
celery.conf.update(task_acks_late=True, task_ignore_result=True, enable_utc=True, broker_transport_options={"visibility_timeout": 3600})

SESSIONS = threading.local()


class MessageSerializer(serializers.Serializer):
    url = serializers.URLField()
    content = serializers.JSONField()
    at = serializers.DateTimeField()


class Messages(APIView):
    def post(self, request):
        message = MessageSerializer(data=request.data)
        message.is_valid(raise_exception=True)
        wanted = message.validated_data
        key = uuid.uuid4()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO message (id, url, content, due_at, status) VALUES (%s, %s, %s::jsonb, %s, 'scheduled')",
                [str(key), wanted["url"], requests.compat.json.dumps(wanted["content"]), wanted["at"]],
            )
        deliver.apply_async([str(key)], eta=wanted["at"])
        return Response({"id": str(key), "status": "scheduled", "dueAt": wanted["at"]}, status=201)


@celery.task(autoretry_for=(requests.RequestException,), max_retries=3)
def deliver(key):
    with connection.cursor() as cursor:
        cursor.execute("SELECT url, content::text FROM message WHERE id = %s", [key])
        url, content = cursor.fetchone()
    session = getattr(SESSIONS, "session", None)
    if session is None:
        session = SESSIONS.session = requests.Session()
    session.post(url, data=content, headers={"Content-Type": "application/json", "webhook-id": key}, timeout=15).raise_for_status()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE message SET status = 'delivered', delivered_at = now() WHERE id = %s", [key])


urlpatterns = [path("messages", Messages.as_view())]
application = get_wsgi_application()
