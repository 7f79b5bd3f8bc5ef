from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "placement.journal"
    label = "journal"
