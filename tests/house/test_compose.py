"""The compose file says what the code understands, and waits for what it needs."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from api.codec_access import web_ui_origins
from config.settings import Settings

ROOT = Path(__file__).parents[2]
ENVCONFIG = {"TEMPORAL_ADDRESS", "TEMPORAL_NAMESPACE"}
"""The variables of temporalio.envconfig that a server without TLS needs."""


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    document = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return dict(document["services"])


def known_variables() -> set[str]:
    prefixed = {f"CURATIVE_{name.upper()}" for name in Settings.model_fields}
    return prefixed | {"DATABASE_URL"} | ENVCONFIG


OURS = ["prepare", "worker-1", "worker-2", "codec", "mailgate"]
SERVERS = ["postgres", "temporal", "temporal-ui", "worker-1", "worker-2", "codec", "mailgate"]
JOBS = ["temporal-schema", "prepare"]


@pytest.mark.parametrize("name", OURS)
def test_every_variable_of_ours_is_a_setting(services: dict[str, Any], name: str) -> None:
    variables = set(services[name]["environment"])
    assert variables <= known_variables()
    assert {"DATABASE_URL", "TEMPORAL_ADDRESS"} <= variables


def test_the_settings_take_what_the_workers_are_given(
    services: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, value in services["worker-1"]["environment"].items():
        monkeypatch.setenv(variable, value)
    settings = Settings()
    assert settings.database().startswith("postgresql://curative:")
    assert settings.metrics_port == 9464


def test_two_workers_run_the_same_image(services: dict[str, Any]) -> None:
    assert services["worker-1"]["image"] == services["worker-2"]["image"] == services["prepare"]["image"]


@pytest.mark.parametrize("name", SERVERS)
def test_every_server_has_a_health_check_and_comes_back(services: dict[str, Any], name: str) -> None:
    assert services[name]["healthcheck"]["test"]
    assert services[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", JOBS)
def test_every_job_ends_and_is_tried_again_when_it_fails(services: dict[str, Any], name: str) -> None:
    assert services[name]["restart"].startswith("on-failure")


def test_everything_waits_for_what_it_needs(services: dict[str, Any]) -> None:
    conditions = {
        (name, needed): how["condition"]
        for name, service in services.items()
        for needed, how in service.get("depends_on", {}).items()
    }
    for (_, needed), condition in conditions.items():
        assert condition == ("service_completed_successfully" if needed in JOBS else "service_healthy")
    assert {("temporal", "temporal-schema"), ("prepare", "temporal"), ("worker-1", "prepare")} <= set(conditions)


@pytest.mark.parametrize("action", ["WORKFLOW_TERMINATE", "WORKFLOW_RESET", "BATCH_ACTIONS"])
def test_the_web_ui_cannot_break_a_promise(services: dict[str, Any], action: str) -> None:
    assert services["temporal-ui"]["environment"][f"TEMPORAL_{action}_DISABLED"] == "true"


def test_the_web_ui_decodes_at_our_endpoint_with_the_cookie_of_its_login(services: dict[str, Any]) -> None:
    ui = services["temporal-ui"]["environment"]
    endpoint = urlsplit(ui["TEMPORAL_CODEC_ENDPOINT"])
    assert f"127.0.0.1:{endpoint.port}:{Settings().codec_port}" in services["codec"]["ports"]
    assert ui["TEMPORAL_CODEC_INCLUDE_CREDENTIALS"] == "true"
    origins = web_ui_origins(Settings(ui_url=services["codec"]["environment"]["CURATIVE_UI_URL"]))
    assert f"http://localhost:{services['temporal-ui']['ports'][0].split(':')[1]}" in origins


def test_all_of_ours_have_one_key_ring(services: dict[str, Any]) -> None:
    rings = {(services[name]["environment"]["CURATIVE_KEYS"], tuple(services[name]["volumes"])) for name in OURS}
    assert len(rings) == 1
    assert "--secrets" in services["prepare"]["command"]


def test_every_image_is_pinned_and_the_server_is_the_one_that_the_tests_run(services: dict[str, Any]) -> None:
    foreign = {service["image"] for name, service in services.items() if name not in OURS}
    assert all(":" in image and not image.endswith(":latest") for image in foreign)
    assert services["temporal"]["image"].rpartition(":")[2] == services["temporal-schema"]["image"].rpartition(":")[2]


def test_nothing_listens_beyond_this_machine(services: dict[str, Any]) -> None:
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_files_that_are_mounted_are_there(services: dict[str, Any]) -> None:
    mounted = [
        volume.split(":")[0]
        for service in services.values()
        for volume in service.get("volumes", [])
        if volume.startswith("./")
    ]
    assert mounted
    assert all((ROOT / path).is_file() for path in mounted)
