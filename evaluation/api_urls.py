from django.urls import path

from evaluation.api.agreements import AgreementList
from evaluation.api.answering import ApproveEndpoint, RejectEndpoint, ReviewEndpoint
from evaluation.api.asking import ReleaseList, ReleaseRead, ReleaseReport, WithdrawEndpoint
from evaluation.api.taking import LinkEndpoint, ReleaseArchive, ReleaseFileContent

urlpatterns = [
    path("agreements/", AgreementList.as_view(), name="api-agreements"),
    path("releases/", ReleaseList.as_view(), name="api-releases"),
    path("releases/<uuid:release>/", ReleaseRead.as_view(), name="api-release"),
    path("releases/<uuid:release>/report/", ReleaseReport.as_view(), name="api-release-report"),
    path("releases/<uuid:release>/review/", ReviewEndpoint.as_view(), name="api-release-review"),
    path("releases/<uuid:release>/approve/", ApproveEndpoint.as_view(), name="api-release-approve"),
    path("releases/<uuid:release>/reject/", RejectEndpoint.as_view(), name="api-release-reject"),
    path("releases/<uuid:release>/withdraw/", WithdrawEndpoint.as_view(), name="api-release-withdraw"),
    path("releases/<uuid:release>/link/", LinkEndpoint.as_view(), name="api-release-link"),
    path("releases/<uuid:release>/archive/<str:token>", ReleaseArchive.as_view(), name="api-release-archive"),
    path("releases/<uuid:release>/files/<path:name>", ReleaseFileContent.as_view(), name="api-release-file"),
]
