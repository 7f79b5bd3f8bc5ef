from django.urls import path

from workflows.model_pages.api import FamilyModel

urlpatterns = [path("families/<uuid:family>/model/", FamilyModel.as_view(), name="api-family-model")]
