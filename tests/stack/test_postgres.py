"""PostgreSQL wherever the checkout lies and whoever we are."""

import os
from pathlib import Path
from urllib.parse import unquote

import psycopg2
import pytest

from stack import launch
from stack.errors import StackError
from stack.paths import Folders
from stack.plan import SERVERS, Plan
from stack.postgres import SOCKET_NAME, make_cluster
from stack.servant import can_enter, servant
from stack.shelter import existing_shelter
from tests.stack.conftest import everything_of, process

DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")
LONG = "a folder with spaces and a name that is far too long for the path of a socket " + "x" * 60
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has a servant")


@as_root
def test_root_lets_nobody_run_it(data_dir, servers_up):
    servers_up()
    user = servant()
    owner = Path(f"/proc/{process(data_dir, 'postgres').pid}").stat()
    assert (owner.st_uid, owner.st_gid) == (user.user_id, user.group_id)


def test_a_long_path_with_spaces_gets_a_short_socket(data_dir):
    folder = data_dir / LONG
    state, _ = launch.bring_up(Plan(data_dir=str(folder), parts=SERVERS))
    try:
        url = state.variables["DATABASE_URL"]
        socket_folder = unquote(url.partition("host=")[2])
        assert len(f"{socket_folder}/{SOCKET_NAME}") < 100
        assert _fetch(url, "SELECT 1") == 1
        assert (folder / "postgres" / "PG_VERSION").exists()
    finally:
        launch.bring_down(Folders(data_dir=folder))

    assert existing_shelter(Folders(data_dir=folder)) is None
    assert not Path(socket_folder).exists()


@as_root
def test_data_move_to_a_shelter_where_nobody_cannot_walk_in(data_dir):
    closed = data_dir / "closed"
    closed.mkdir(mode=0o700)
    folder = closed / "data"
    plan = Plan(data_dir=str(folder), parts=SERVERS)
    url = launch.bring_up(plan)[0].variables["DATABASE_URL"]
    _fetch(url, "CREATE TABLE kept (n int); SELECT 1")
    launch.bring_down(Folders(data_dir=folder))

    assert (
        _fetch(launch.bring_up(plan)[0].variables["DATABASE_URL"], "SELECT count(*) FROM kept") == 0
    )
    shelter = existing_shelter(Folders(data_dir=folder))
    assert (shelter / "postgres").exists()
    assert closed.stat().st_mode & 0o777 == 0o700, "no folder is opened for him"
    launch.bring_down(Folders(data_dir=folder))

    (folder / "shelter").unlink()  # as `rm -rf .local` does
    with pytest.raises(psycopg2.errors.UndefinedTable):
        _fetch(launch.bring_up(plan)[0].variables["DATABASE_URL"], "SELECT count(*) FROM kept")
    assert not shelter.exists(), "a forgotten shelter is cleared away"
    launch.remove_data(Folders(data_dir=folder))
    assert existing_shelter(Folders(data_dir=folder)) is None
    assert not folder.exists()


@as_root
def test_binaries_are_copied_where_nobody_can_reach_them(data_dir, monkeypatch):
    """A virtual environment under /root (0700) is closed to the servant."""
    monkeypatch.setattr(
        "stack.postgres.can_enter",
        lambda folder, user: "site-packages" not in str(folder) and can_enter(folder, user),
    )
    cluster = make_cluster(_made(data_dir))
    assert cluster.binaries.is_relative_to(existing_shelter(Folders(data_dir=data_dir)))
    assert "PostgreSQL" in cluster.run("postgres", "--version")
    launch.leave_if_empty(Folders(data_dir=data_dir))


def test_settings_are_durable_unless_told_otherwise(data_dir, servers_up):
    url = servers_up().variables["DATABASE_URL"]
    assert _fetch(url, "SHOW fsync") == "on"
    assert _fetch(url, "SHOW jit") == "off"
    assert _fetch(url, "SELECT upper('grün')") == "GRÜN", "letters beyond ASCII are known"


def test_an_interrupted_creation_is_made_anew(data_dir):
    folders = _made(data_dir)
    (data_dir / "postgres.new").mkdir()
    (data_dir / "postgres.new" / "PG_VERSION").write_text("half")
    assert (make_cluster(folders).data / "PG_VERSION").read_text().strip().isdigit()


def test_data_of_another_major_version_are_refused(data_dir):
    cluster = make_cluster(_made(data_dir))
    (cluster.data / "PG_VERSION").write_text("13\n")
    with pytest.raises(StackError, match="was made by PostgreSQL 13"):
        make_cluster(Folders(data_dir=data_dir))


@pytest.mark.skipif(not DEBIAN_15.exists(), reason="NO POSTGRESQL 15 HERE: not tried on it")
def test_it_runs_debians_postgresql_15_and_leaves_it_stopped(data_dir, servers_up, monkeypatch):
    monkeypatch.setenv("POSTGRES_BIN", str(DEBIAN_15))
    assert _fetch(servers_up().variables["DATABASE_URL"], "SHOW server_version").startswith("15.")
    launch.bring_down(Folders(data_dir=data_dir))
    assert not everything_of(data_dir)


def test_a_given_database_is_used_and_no_server_started(data_dir, monkeypatch):
    for name, url in {
        "DATABASE_URL": "postgres://shop@db.example/shop",
        "REDIS_URL": "redis://cache.example/0",
        "EMAIL_URL": "smtp://mail.example:25",
    }.items():
        monkeypatch.setenv(name, url)
    state, _ = launch.bring_up(Plan(data_dir=str(data_dir), parts=SERVERS))
    assert state.variables["DATABASE_URL"] == "postgres://shop@db.example/shop"
    assert [one.stem for one in (data_dir / "run").glob("*.pid")] == ["supervisor"]


def _made(data_dir):
    folders = Folders(data_dir=data_dir)
    folders.make()
    return folders


def _fetch(url, statement):
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()[0]
    finally:
        connection.close()
