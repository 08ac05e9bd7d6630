"""Settings come from the environment, addresses from the stack that runs, and both say what is wrong."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from config.settings import ADDRESSES_FILE, DEFAULT_UI_URL, Addresses, Settings, SettingsError
from config.temporal import DEFAULT_ADDRESS, EngineUnreachable, connection

RUNNING = Addresses(
    database_url="postgresql://postgres@/curative?host=/tmp/there",
    temporal_address="127.0.0.1:7999",
    temporal_namespace="default",
    ui_url="http://localhost:8999",
)


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DATABASE_URL", "TEMPORAL_ADDRESS", "TEMPORAL_NAMESPACE", "TEMPORAL_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("CURATIVE_DATA_DIR", str(tmp_path))


@pytest.fixture
def running(tmp_path: Path) -> None:
    (tmp_path / ADDRESSES_FILE).write_text(RUNNING.model_dump_json())


def test_the_data_directory_is_here_unless_said_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CURATIVE_DATA_DIR")
    assert Settings().data_dir == Path(".curative")


def test_a_setting_is_read_from_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CURATIVE_TASK_QUEUE", "night-shift")
    assert Settings().task_queue == "night-shift"


def test_a_variable_that_is_set_to_nothing_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    assert Settings().database_url is None


def test_unknown_variables_of_ours_do_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CURATIVE_FROM_A_LATER_VERSION", "1")
    Settings()


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().task_queue = "other"  # type: ignore[misc]  # this is what is tested


def test_a_database_url_of_another_kind_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://root@localhost/curative")
    with pytest.raises(ValidationError, match="must start with postgresql://"):
        Settings()


def test_the_password_of_the_database_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://curative:s3cret@db/curative")
    assert "s3cret" not in repr(Settings())


def test_without_database_url_the_running_stack_is_asked(running: None) -> None:
    assert Settings().database() == RUNNING.database_url


def test_database_url_comes_before_the_running_stack(running: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://db/curative")
    assert Settings().database() == "postgresql://db/curative"


def test_with_no_database_at_all_the_error_says_what_to_do() -> None:
    with pytest.raises(SettingsError, match="start `curative up` .* or set DATABASE_URL"):
        Settings().database()


def test_an_address_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / ADDRESSES_FILE).write_text("{half")
    with pytest.raises(SettingsError, match="addresses.json cannot be read .* start `curative up` again"):
        Settings().database()


def test_the_web_ui_is_the_running_stacks(running: None) -> None:
    assert Settings().web_ui() == RUNNING.ui_url


def test_the_web_ui_is_where_it_usually_is_when_nothing_runs() -> None:
    assert Settings().web_ui() == DEFAULT_UI_URL


def test_temporal_is_the_running_stacks(running: None) -> None:
    assert connection(Settings())["target_host"] == RUNNING.temporal_address


def test_temporal_is_at_the_usual_port_when_nothing_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CURATIVE_DATA_DIR", raising=False)
    monkeypatch.chdir(tmp_path)
    assert connection(Settings()) == {"target_host": DEFAULT_ADDRESS, "namespace": "default"}


def test_a_data_directory_that_is_named_and_has_no_stack_leads_to_no_other_server(tmp_path: Path) -> None:
    with pytest.raises(EngineUnreachable, match="No stack runs on"):
        connection(Settings(data_dir=tmp_path))


def test_temporal_address_comes_before_the_running_stack(running: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "temporal.example:7233")
    monkeypatch.setenv("TEMPORAL_NAMESPACE", "desk")
    assert connection(Settings()) == {"target_host": "temporal.example:7233", "namespace": "desk"}


def test_a_profile_leads_to_another_server(running: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    profiles = tmp_path / "temporal.toml"
    profiles.write_text('[profile.default]\naddress = "profile.example:7233"\n')
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(profiles))
    assert connection(Settings())["target_host"] == "profile.example:7233"
