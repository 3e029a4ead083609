"""API keys are ended by whoever looks after the service: at once, by command or on the key's page."""

from io import StringIO

import pytest
from django.contrib.auth.models import Permission, User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from access.models import ApiKey
from tests.api import Api, make_key

pytestmark = pytest.mark.django_db


def revoke(key: str) -> str:
    out = StringIO()
    call_command("revoke_api_key", key, stdout=out)
    return out.getvalue()


def is_live(key: str) -> bool:
    return Api(key).get("/customers").status == 200


def prefix_of(key: str) -> str:
    return key.split("_")[1]


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(lambda key: key, id="the whole key"),
        pytest.param(prefix_of, id="its prefix"),
        pytest.param(lambda key: f"pk_{prefix_of(key)}", id="its beginning"),
        pytest.param(lambda key: "till", id="its name"),
    ],
)
def test_a_revoked_key_opens_nothing_from_the_next_call_on(said):
    key, other = make_key(name="till"), make_key(name="other")
    assert is_live(key)

    told = revoke(said(key))

    assert told == f"Revoked: till (pk_{prefix_of(key)}_...)\n"
    assert not is_live(key)
    assert is_live(other)


def test_revoking_twice_changes_nothing_and_says_so():
    make_key(name="till")
    revoke("till")
    revoked_at = ApiKey.objects.get().revoked_at

    assert revoke("till").startswith("It was revoked before: till")
    assert ApiKey.objects.get().revoked_at == revoked_at


def test_an_unknown_key_is_an_error():
    with pytest.raises(CommandError, match="no API key of this prefix or name"):
        revoke("till")


def test_of_several_live_keys_of_one_name_the_prefix_says_which():
    first, second = make_key(name="till"), make_key(name="till")
    with pytest.raises(CommandError, match=f"{prefix_of(first)}, {prefix_of(second)}"):
        revoke("till")
    assert is_live(first)
    assert is_live(second)

    revoke(prefix_of(first))

    assert revoke("till").endswith(f"(pk_{prefix_of(second)}_...)\n")


def test_staff_revoke_a_key_on_its_page_after_a_question(admin_client, admin_user):
    key = make_key(name="till")
    page = reverse("admin:access_apikey_change", args=[ApiKey.objects.get().pk])
    address = reverse("admin:access_apikey_revoke", args=[ApiKey.objects.get().pk])
    assert address in admin_client.get(page).content.decode()

    asked = admin_client.get(address, headers={"accept-language": "de"}).content.decode()
    assert f"API-Schlüssel till ({prefix_of(key)}…) widerrufen?" in asked
    assert is_live(key)

    assert admin_client.post(address).headers["Location"] == page
    assert not is_live(key)
    revoked_at = ApiKey.objects.get().revoked_at
    admin_client.post(address)
    assert ApiKey.objects.get().revoked_at == revoked_at
    history = admin_client.get(
        reverse("admin:access_apikey_history", args=[ApiKey.objects.get().pk])
    )
    assert history.content.decode().count("Revoked.") == 1


def test_who_may_only_look_cannot_revoke():
    key = make_key(name="till")
    user = User.objects.create_user("sam", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_apikey"))
    staff = Client()
    staff.force_login(user)
    page = reverse("admin:access_apikey_change", args=[ApiKey.objects.get().pk])
    address = reverse("admin:access_apikey_revoke", args=[ApiKey.objects.get().pk])

    assert address not in staff.get(page).content.decode()
    assert staff.get(address).status_code == 403
    assert staff.post(address).status_code == 403
    assert is_live(key)


def test_a_page_elsewhere_cannot_make_staff_revoke(admin_user):
    key = make_key(name="till")
    careless = Client(enforce_csrf_checks=True)
    careless.force_login(admin_user)
    address = reverse("admin:access_apikey_revoke", args=[ApiKey.objects.get().pk])

    assert careless.post(address).status_code == 403
    assert is_live(key)


def test_the_sidebar_leads_to_the_keys(admin_client):
    link = reverse("admin:access_apikey_changelist")
    assert f'href="{link}"' in admin_client.get(reverse("admin:index")).content.decode()
