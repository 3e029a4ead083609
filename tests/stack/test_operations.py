"""What docs/operations.md says of variables and of backups is so."""

import re

import psycopg2

from stack.paths import CHECKOUT
from stack.processes import VARIABLES
from tests.stack.conftest import run_stack

READ = re.compile(r'env_(?:str|int|bool|list|choice|number|object)\(\s*"(\w+)"')
LAUNCHERS = {"DATA_DIR", "HOST", "PORT"}


def test_every_variable_is_passed_on_and_explained():
    sources = [path.read_text() for path in (CHECKOUT / "config").glob("*.py")]
    read = {name for source in sources for name in READ.findall(source)}
    table = (CHECKOUT / "docs" / "operations.md").read_text().partition("## Variables")[2]
    explained = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)

    assert set(VARIABLES) == read | LAUNCHERS
    assert sorted(explained) == sorted(VARIABLES)


def test_a_dump_restores_what_was_there(data_dir, servers_up):
    url = servers_up().variables["DATABASE_URL"]
    env = {"DATA_DIR": str(data_dir)}
    dump = str(data_dir / "shop.dump")
    _execute(url, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")

    done = run_stack("pg", "pg_dump", "--format=custom", f"--file={dump}", env=env)
    assert done.returncode == 0, done.stderr
    _execute(url, "UPDATE kept SET n = 8")
    restore = ("pg_restore", "--clean", "--if-exists", "--single-transaction", dump)
    done = run_stack("pg", *restore, env=env)
    assert done.returncode == 0, done.stderr

    assert run_stack("pg", "psql", "-Atc", "SELECT n FROM kept", env=env).stdout == "7\n"


def _execute(url, statement):
    connection = psycopg2.connect(url)
    with connection, connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()
