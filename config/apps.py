"""The wires that are laid when the service starts."""

from django.apps import AppConfig
from django.core.checks import Tags, register

from config.checks import production_settings


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        # Inside, since no app's models may be imported before all apps are loaded.
        from config import wiring

        wiring.lay()
        register(production_settings, Tags.security, deploy=True)
