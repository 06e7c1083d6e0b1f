"""Which environment variables a repository may have its templates read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sqllineage_scan.api import scan
from sqllineage_scan.config.environment import VARIABLE, allowed, may_be_secret
from sqllineage_scan.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

SECRET = """
GITHUB_TOKEN GH_TOKEN GITLAB_TOKEN CI_JOB_TOKEN CI_REGISTRY_PASSWORD CI_REPOSITORY_URL ACTIONS_RUNTIME_TOKEN SYSTEM_ACCESSTOKEN
ACTIONS_ID_TOKEN_REQUEST_URL AWS_SECRET_ACCESS_KEY AWS_ACCESS_KEY_ID AWS_SESSION_TOKEN AZURE_CLIENT_SECRET ARM_CLIENT_SECRET
GOOGLE_APPLICATION_CREDENTIALS SNOWFLAKE_PASSWORD SNOWFLAKE_PRIVATE_KEY_PATH DBT_PASSWORD DBT_ENV_SECRET_X DBT_USER_PWD PGPASSWORD
DATABASE_URL SQLALCHEMY_URI SENTRY_DSN PYPI_TOKEN TWINE_PASSWORD NPM_TOKEN SSH_AUTH_SOCK KEY apikey API_KEY Secret my_passphrase
SLACK_WEBHOOK SESSION_COOKIE VAULT_ADDR SQLLINEAGE_SCAN_CACHE_SECRET OPENLINEAGE_API_KEY GIT_PAT ENCRYPTIONKEY
""".split()
HARMLESS = "DBT_TARGET STAGE ENVIRONMENT DBT_USER DBT_SCHEMA CI_SCHEMA SNOWFLAKE_ACCOUNT AWS_REGION DBT_DATABASE PORT".split()


@pytest.mark.parametrize("name", SECRET)
def test_a_repository_cannot_ask_for_what_may_be_secret(name: str) -> None:
    with pytest.raises(ConfigurationError, match=f"cannot ask for {name}, which may be secret.*{VARIABLE}={name}"):
        allowed([name, "STAGE"], {name: "x", "STAGE": "prod"})


@pytest.mark.parametrize("name", HARMLESS)
def test_and_can_for_the_rest(name: str) -> None:
    assert not may_be_secret(name)
    assert allowed([name, "NOT_SET"], {name: "x", "OTHER": "y"}) == {name: "x"}


@pytest.mark.parametrize(
    "value",
    [
        "postgres://u:hunter2@db/shop",
        "redis://:hunter2@h",
        "-----BEGIN PRIVATE KEY-----\nMIIE",
        "ghp_abcdefgh",
        "github_pat_11AA",
        "eyJhbGciOiJIUzI1NiJ9.e30.x",
        "AKIAIOSFODNN7EXAMPLE",
    ],
)
def test_a_value_that_looks_like_a_secret_is_one(value: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^env: a repository cannot ask for STAGE") as raised:
        allowed(["STAGE"], {"STAGE": value})
    assert value not in str(raised.value)


def test_whoever_starts_the_scan_may_allow_anything() -> None:
    environment = {VARIABLE: " WAREHOUSE_KEY, STAGE,,NOT_SET", "WAREHOUSE_KEY": "k", "STAGE": "prod", "DBT_TARGET": "dev"}
    assert allowed(["WAREHOUSE_KEY", "DBT_TARGET"], environment) == {"WAREHOUSE_KEY": "k", "STAGE": "prod", "DBT_TARGET": "dev"}
    assert allowed([], {"WAREHOUSE_KEY": "k"}) == {}


def test_no_key_of_the_configuration_allows_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEPLOY_TOKEN", "canary-1")
    (tmp_path / "a.sql").write_text("create view a as select '{{ env_var('DEPLOY_TOKEN', 'none') }}' as x from t")
    (tmp_path / "dbt_project.yml").write_text("name: shop\nmodel-paths: ['.']\n")
    assert "canary-1" not in repr(scan(tmp_path).to_dict())
    (tmp_path / "sqllineage-scan.toml").write_text('env = ["DEPLOY_TOKEN"]\n')
    with pytest.raises(ConfigurationError, match="DEPLOY_TOKEN"):
        scan(tmp_path)
    monkeypatch.setenv(VARIABLE, "DEPLOY_TOKEN")
    assert "canary-1" in repr(scan(tmp_path).to_dict())
