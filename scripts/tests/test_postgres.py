"""Which PostgreSQL is used, and that both kinds really work."""

import shutil
from pathlib import Path

import pytest

from toolchain import databases, paths, postgres
from toolchain.say import ToolchainError


def test_without_a_word_the_server_is_our_own():
    server = postgres.choose({})
    assert (server.mode, server.user) == ("embedded", "odoo")
    assert server.host == str(paths.SOCKETS)


def test_pghost_means_an_existing_server():
    server = postgres.choose({"PGHOST": "/run/postgresql", "PGUSER": "me", "PGPORT": "5433"})
    assert (server.mode, server.host, server.user) == ("existing", "/run/postgresql", "me")
    assert server.odoo_options() == {
        "db_host": "/run/postgresql",
        "db_port": "5433",
        "db_user": "me",
    }


def test_database_url_wins_over_pghost():
    url = "postgresql://us%40r:p%3Aw@db.example:6543/postgres"
    server = postgres.choose({"DATABASE_URL": url, "PGHOST": "elsewhere"})
    assert (server.host, server.port) == ("db.example", "6543")
    assert (server.user, server.password) == ("us@r", "p:w")
    assert server.environment()["PGPASSWORD"] == "p:w"


def test_database_url_of_a_socket():
    server = postgres.choose({"DATABASE_URL": "postgres:///?host=/run/postgresql&user=me"})
    assert (server.host, server.user) == ("/run/postgresql", "me")


def test_a_url_of_something_else_is_refused():
    with pytest.raises(ToolchainError, match="postgresql://"):
        postgres.choose({"DATABASE_URL": "mysql://x"})


def test_nothing_of_the_environment_but_the_choice_reaches_the_embedded_server():
    assert postgres.choose({"PGPORT": "1234", "PGUSER": "me"}).mode == "embedded"


def test_a_long_path_gets_a_short_stand_in(tmp_path):
    deep = tmp_path.joinpath(*["a-rather-long-folder-name"] * 5)
    stand_in = paths.short(deep, ".s.PGSQL.5432.lock")
    assert len(str(stand_in / ".s.PGSQL.5432.lock")) <= paths.LONGEST_SOCKET_NAME
    assert stand_in != paths.short(deep / "other", ".s.PGSQL.5432.lock")
    assert paths.short(Path("/short"), ".s.PGSQL.5432.lock") == Path("/short")


def test_a_folder_of_somebody_else_is_not_used(tmp_path, monkeypatch):
    paths.make_private(tmp_path / "mine")
    paths.make_private(tmp_path / "mine")
    assert (tmp_path / "mine").stat().st_mode & 0o777 == 0o700
    monkeypatch.setattr(paths.os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
    with pytest.raises(ToolchainError, match="belongs to somebody else"):
        paths.make_private(tmp_path / "mine")
    paths.make_private(tmp_path / "mine", owners=[tmp_path.stat().st_uid])


def test_reachable(tmp_path):
    tmp_path.chmod(0o700)
    stranger = tmp_path.stat().st_uid + 1
    assert not postgres.reachable(tmp_path / "x", stranger)
    assert postgres.reachable(Path("/usr/bin"), stranger)


@pytest.fixture(scope="module")
def embedded(tmp_path_factory):
    """A server of our own in a folder of the test, started for real."""
    folder = tmp_path_factory.mktemp("postgres")
    sockets = paths.short(folder, ".s.PGSQL.5432.lock")
    server = postgres.Embedded(folder, sockets)
    server.start()
    yield server
    server.stop()
    if sockets != folder:
        shutil.rmtree(sockets, ignore_errors=True)


@pytest.fixture
def existing(embedded):
    """The same server, as somebody would name it who has one already."""
    return postgres.choose({"PGHOST": str(embedded.sockets), "PGUSER": "odoo"})


def test_the_embedded_server_runs(embedded, existing):
    assert embedded.running()
    postgres.check(existing)
    embedded.start()  # a second start finds it running
    assert postgres.execute(existing, "SHOW listen_addresses") == [("",)]
    assert postgres.execute(existing, "SHOW fsync") == [("on",)]


def test_the_server_is_not_root(embedded):
    pid = (embedded.data / "postmaster.pid").read_text().split()[0]
    assert Path(f"/proc/{pid}").stat().st_uid != 0


def test_a_role_without_rights_is_explained(embedded, existing):
    postgres.execute(existing, "DROP ROLE IF EXISTS poor")
    postgres.execute(existing, "CREATE ROLE poor LOGIN")
    poor = postgres.choose({"PGHOST": str(embedded.sockets), "PGUSER": "poor"})
    with pytest.raises(ToolchainError, match="ALTER ROLE poor CREATEDB"):
        postgres.check(poor)


def test_the_role_postgres_is_explained(embedded, existing):
    postgres.execute(existing, "DROP ROLE IF EXISTS postgres")
    postgres.execute(existing, "CREATE ROLE postgres LOGIN SUPERUSER")
    server = postgres.choose({"PGHOST": str(embedded.sockets), "PGUSER": "postgres"})
    with pytest.raises(ToolchainError, match="Odoo refuses"):
        postgres.check(server)


def test_a_server_that_does_not_answer_is_explained(tmp_path):
    with pytest.raises(ToolchainError, match="does not answer"):
        postgres.check(postgres.choose({"PGHOST": str(tmp_path)}))


def test_databases_come_with_their_files(existing, tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "FILESTORE", tmp_path)
    (tmp_path / "one" / "ab").mkdir(parents=True)
    (tmp_path / "one" / "ab" / "abc").write_text("content")
    postgres.execute(existing, "CREATE DATABASE one")
    databases.copy(existing, "one", "two")
    databases.copy(existing, "one", "two")  # replaces
    assert (tmp_path / "two/ab/abc").read_text() == "content"
    databases.rename(existing, "two", "three")
    assert databases.exists(existing, "three") and not databases.exists(existing, "two")
    assert (tmp_path / "three/ab/abc").exists()
    databases.drop(existing, "three")
    assert databases.names(existing, "t") == ["template0", "template1"]
    assert not (tmp_path / "three").exists()
    assert (tmp_path / "one/ab/abc").exists()


def test_a_database_in_use_is_copied_all_the_same(existing, tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "FILESTORE", tmp_path)
    postgres.execute(existing, "CREATE DATABASE busy")
    monkeypatch.setattr(postgres.wait_until_free, "__defaults__", (0.3,))
    connection = existing.connect("busy")
    databases.copy(existing, "busy", "copy")
    assert databases.exists(existing, "copy")
    connection.close()


def test_root_passes_by_closed_folders(tmp_path):
    """Root's PostgreSQL runs as somebody else, who may have to pass a folder closed to all."""
    user = postgres.unprivileged_user()
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    argv, options = postgres.as_user(user, ["true"], [closed / "x"])
    assert argv[0] == "setpriv" and not options
    argv, options = postgres.as_user(user, ["true"], [Path("/usr/bin/true")])
    assert (argv, options["user"]) == (["true"], user.pw_uid)
