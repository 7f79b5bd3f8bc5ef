from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "placement.meetings"
    label = "meetings"
