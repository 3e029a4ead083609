"""Who may use the staff's pages is looked after on the staff's pages."""

from django.contrib.auth.models import Group, Permission
from django.urls import reverse


def test_rights_are_shown_in_words_and_kept(admin_client):
    group = Group.objects.create(name="till")
    address = reverse("admin:auth_group_change", args=[group.pk])
    page = admin_client.get(address, headers={"accept-language": "de"}).content.decode()
    assert "Aktionen: Codes: ansehen" in page
    assert "Kunden: Kunden: Namen und Adressen sehen" in page
    assert "session" not in page.lower().split("<select")[1].split("</select>")[0]

    chosen = Permission.objects.get(codename="view_code")
    admin_client.post(address, {"name": "till", "permissions": [chosen.pk]})
    assert list(group.permissions.all()) == [chosen]
