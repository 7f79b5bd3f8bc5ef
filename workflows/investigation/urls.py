from django.urls import path

from workflows.investigation.views import InvestigationPage, ParallelPlansPage

urlpatterns = [
    path("familier/<uuid:family>/undersoegelse/", InvestigationPage.as_view(), name="investigation"),
    path(
        "familier/<uuid:family>/undersoegelse/plan-a-og-b/",
        ParallelPlansPage.as_view(),
        name="parallel-plans",
    ),
]
