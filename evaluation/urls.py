from django.urls import path

from evaluation.pages.agreements import Agreements
from evaluation.pages.answering import RefuseRelease
from evaluation.pages.asking import Releases, WithdrawRelease
from evaluation.pages.reading import OneRelease
from evaluation.pages.taking import OneArchive, OneFile, OneLink

urlpatterns = [
    path("udtraek/", Releases.as_view(), name="releases"),
    path("udtraek/aftaler/", Agreements.as_view(), name="agreements"),
    path("udtraek/<uuid:release>/", OneRelease.as_view(), name="release"),
    path("udtraek/<uuid:release>/sig-nej/", RefuseRelease.as_view(), name="release-refuse"),
    path("udtraek/<uuid:release>/traek-tilbage/", WithdrawRelease.as_view(), name="release-withdraw"),
    path("udtraek/<uuid:release>/link/", OneLink.as_view(), name="release-link"),
    path("udtraek/<uuid:release>/hent/<str:token>", OneArchive.as_view(), name="release-archive"),
    path("udtraek/<uuid:release>/filer/<path:name>", OneFile.as_view(), name="release-file"),
]
