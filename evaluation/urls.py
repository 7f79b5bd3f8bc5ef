from django.urls import path

from evaluation.views import OneFile, OneRelease, Releases

urlpatterns = [
    path("udtraek/", Releases.as_view(), name="releases"),
    path("udtraek/<uuid:release>/", OneRelease.as_view(), name="release"),
    path("udtraek/<uuid:release>/filer/<path:name>", OneFile.as_view(), name="release-file"),
]
