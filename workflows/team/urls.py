from django.urls import path

from workflows.team.pages import MeetingsPage, MinutesPage, TeamPage
from workflows.team.staff_pages import DeputiesPage, TrainingPage

urlpatterns = [
    path("familier/<uuid:family>/team/", TeamPage.as_view(), name="family-team"),
    path("familier/<uuid:family>/moeder/", MeetingsPage.as_view(), name="family-meetings"),
    path(
        "familier/<uuid:family>/moeder/<uuid:meeting>/referat/",
        MinutesPage.as_view(),
        name="family-minutes",
    ),
    path("stedfortraedere/", DeputiesPage.as_view(), name="deputies"),
    path("kompetencer/", TrainingPage.as_view(), name="training"),
]
