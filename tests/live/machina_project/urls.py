"""The forum at the root of the site, and the sign-in page its buttons lead to."""

from django.http import HttpResponse
from django.urls import include, path

urlpatterns = [
    path("accounts/<str:door>/", lambda request, door: HttpResponse(f"<h1>{door}</h1>")),
    path("", include("machina.urls")),
]
