from django.urls import path

from workflows.kernel.views import TaskPage

urlpatterns = [path("opgaver/<uuid:task>/", TaskPage.as_view(), name="task")]
