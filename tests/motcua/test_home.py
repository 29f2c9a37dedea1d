import stat
from pathlib import Path

import pytest

from motcua.home import Home, HomeInUse, KnownDatabase, read_secrets, write_private, write_secrets


def test_secrets_come_back_as_they_were_kept(tmp_path: Path) -> None:
    home = Home(tmp_path)
    kept = read_secrets(home)
    password = kept.password_of("motcua_dossier")
    kept.database("7/16384").keys["make-run"] = "mc_x"

    write_secrets(home, kept)

    again = read_secrets(home)
    assert again.password_of("motcua_dossier") == password
    assert again.databases == {"7/16384": KnownDatabase(keys={"make-run": "mc_x"})}


def test_a_private_file_is_the_owners_alone_and_replaces_the_old_one_whole(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_text("old")
    path.chmod(0o644)

    write_private(path, {"admin_key": "mc_x"})

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text() == '{\n  "admin_key": "mc_x"\n}\n'
    assert list(tmp_path.iterdir()) == [path]


def test_a_home_tells_where_its_run_answers(tmp_path: Path) -> None:
    home = Home(tmp_path)

    assert home.running() == {}

    write_private(home.run_file, {"dossier_api": "http://127.0.0.1:9101"})
    assert home.running() == {"dossier_api": "http://127.0.0.1:9101"}


def test_one_run_at_a_time_holds_a_home(tmp_path: Path) -> None:
    home = Home(tmp_path)

    with home.locked(), pytest.raises(HomeInUse), home.locked():
        pass

    with home.locked():
        pass
