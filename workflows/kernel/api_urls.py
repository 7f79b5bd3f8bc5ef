from django.urls import path

from workflows.kernel.api import CompleteTask, OneTask, Tasks

urlpatterns = [
    path("tasks/", Tasks.as_view(), name="api-tasks"),
    path("tasks/<uuid:task>/", OneTask.as_view(), name="api-task"),
    path("tasks/<uuid:task>/complete/", CompleteTask.as_view(), name="api-task-complete"),
]
