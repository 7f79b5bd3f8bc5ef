from django.urls import path

from workflows.exit.api import ExitSteps

urlpatterns = [path("families/<uuid:family>/exit-steps/", ExitSteps.as_view(), name="api-exit-steps")]
