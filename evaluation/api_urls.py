from django.urls import path

from evaluation.api import ReleaseFileContent, ReleaseList, ReleaseRead

urlpatterns = [
    path("releases/", ReleaseList.as_view(), name="api-releases"),
    path("releases/<uuid:release>/", ReleaseRead.as_view(), name="api-release"),
    path("releases/<uuid:release>/files/<path:name>", ReleaseFileContent.as_view(), name="api-release-file"),
]
