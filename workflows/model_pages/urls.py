from django.urls import path

from workflows.model_pages.adaptation_views import AdaptationPage, DecisionPage
from workflows.model_pages.moving_views import FamilyModelPage
from workflows.model_pages.organisation_views import OrganisationPage, SelfAssessmentPage
from workflows.model_pages.views import Differences, VersionPage, Versions

urlpatterns = [
    path("model/", Versions.as_view(), name="model"),
    path("model/versioner/<str:version>/", VersionPage.as_view(), name="model-version"),
    path("model/forskelle/", Differences.as_view(), name="model-differences"),
    path("model/tilpasning/", AdaptationPage.as_view(), name="model-adaptation"),
    path("model/tilpasning/afgoerelse/", DecisionPage.as_view(), name="model-adaptation-decision"),
    path("model/organisation/", OrganisationPage.as_view(), name="model-organisation"),
    path("model/selvvurdering/", SelfAssessmentPage.as_view(), name="model-self-assessment"),
    path("familier/<uuid:family>/model/", FamilyModelPage.as_view(), name="family-model"),
]
