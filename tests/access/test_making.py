"""API keys are made by command."""

import pytest
from django.core.management import CommandError, call_command

from access.models import ApiKey

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["", "  ", "k" * 101])
def test_a_key_has_a_name(name):
    with pytest.raises(CommandError, match="A name has 1 to 100 characters"):
        call_command("create_api_key", name)
    assert not ApiKey.objects.exists()
