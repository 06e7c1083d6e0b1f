"""Reading the configuration, and what is said when it is wrong."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from sqllineage_scan.config.dialect_names import check_dialect, known_dialects
from sqllineage_scan.config.kinds import kind_of
from sqllineage_scan.config.load import load_settings
from sqllineage_scan.config.schema import schema
from sqllineage_scan.config.settings import Settings, options_from
from sqllineage_scan.domain.governance import GovernanceRule
from sqllineage_scan.errors import ConfigurationError, UsageError
from sqllineage_scan.pipeline.cache.folder import SECRET, VARIABLE
from sqllineage_scan.pipeline.options import ScanOptions

EVERYTHING = """
dialect = "snowflake"
include = ["sql/**"]
exclude = ["archive/"]
default_catalog = "analytics"
default_schema = "public"
namespace = "snowflake://acme"
targets = ["sql/{catalog}/{schema}/{table}/query.sql"]
env = ["DBT_TARGET", "NOT_SET"]
processes = 4
profiles_dir = "ci"
profile = "warehouse"
target = "prod"
artifacts = false
cache = false
max_seconds = 300
max_memory = 8192
cache_dir = ".sqllineage-scan/cache"
rule_folders = ["lint"]
baseline = "known.json"
protected = ["tag:finance"]
contracts = ["contracts/*.yaml"]
role = "warehouse"
environment = "production"
[[governance]]
paths = ["models/finance/"]
owner = "finance"
[[boundaries]]
type = "layers"
layers = ["path:a", "path:b"]
[rules]
columns.ambiguous = "error"
[paths."legacy/**".rules]
all = "off"
[privacy]
tags = ["pii"]
[dialects]
"warehouse/bigquery/**" = "bigquery"
[vars]
start = 2024-01-01
[naming]
account = "acme"
jobs = "floe.{environment}.{domain}"
environment = "dev"
[naming.domains]
"models/finance/**" = "finance"
[naming.targets.prod]
environment = "prod"
[aliases]
"prod.raw.*" = "raw.*"
"""

OF_RULES = {
    "rules",
    "paths",
    "rule_folders",
    "baseline",
    "boundaries",
    "privacy",
    "protected",
    "contracts",
}  # not the scan's affair


def write(folder: Path, text: str, name: str = "sqllineage-scan.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_the_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path) == Settings()
    assert options_from(Settings(), {VARIABLE: str(tmp_path)}) == ScanOptions(processes=0, cache_dir=tmp_path)


def test_every_key(tmp_path: Path) -> None:
    write(tmp_path, EVERYTHING)
    settings = load_settings(tmp_path)
    assert settings.include == ("sql/**",)
    assert settings.dialects == {"warehouse/bigquery/**": "bigquery"}
    assert settings.vars["start"].isoformat() == "2024-01-01"
    unset = [field.name for field in fields(Settings) if getattr(settings, field.name) == getattr(Settings(), field.name)]
    assert unset == []
    options = options_from(settings, {"DBT_TARGET": "prod", "PASSWORD": "secret"})
    assert options.env == {"DBT_TARGET": "prod"}
    assert options.governance == (GovernanceRule(1, paths=("models/finance/",), owner="finance"),)
    assert options.labels == {"role": "warehouse", "environment": "production"}
    same = {field.name for field in fields(Settings)} - {
        "env",
        "cache",
        "cache_dir",
        "naming",
        "aliases",
        "governance",
        "role",
        "environment",
        *OF_RULES,
    }
    assert all(getattr(options, name) == getattr(settings, name) for name in same)


def test_where_the_cache_is(tmp_path: Path) -> None:
    """The environment is the person's who scans, the configuration the repository's, which says only where below it."""
    said = Settings(cache_dir=".cache/lineage")
    assert options_from(said, {}, tmp_path).cache_dir == tmp_path / ".cache/lineage"
    assert options_from(said, {VARIABLE: "/ci/cache"}, tmp_path).cache_dir == Path("/ci/cache")
    assert options_from(Settings(cache=False), {VARIABLE: "/ci/cache"}).cache_dir is None
    assert options_from(said, {SECRET: "s3cret"}).cache_secret == "s3cret"


def test_pyproject(tmp_path: Path) -> None:
    write(tmp_path, '[tool.sqllineage-scan]\ndialect = "duckdb"\n', "pyproject.toml")
    assert load_settings(tmp_path).dialect == "duckdb"
    write(tmp_path, 'dialect = "postgres"\n')
    assert load_settings(tmp_path).dialect == "postgres"


def test_somebody_elses_pyproject_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path, "[[[ broken", "pyproject.toml")
    assert load_settings(tmp_path) == Settings()


def test_explicit(tmp_path: Path) -> None:
    other = write(tmp_path, 'dialect = "trino"', "other.toml")
    write(tmp_path, 'dialect = "postgres"')
    assert load_settings(tmp_path, other).dialect == "trino"
    with pytest.raises(ConfigurationError, match=r"there is no configuration file .*nowhere\.toml"):
        load_settings(tmp_path, tmp_path / "nowhere.toml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('dialct = "duckdb"', "unknown key 'dialct'; did you mean 'dialect'?"),
        ('default-schema = "x"', "unknown key 'default-schema'; did you mean 'default_schema'?"),
        ("zzz = 1", "unknown key 'zzz'; known are aliases, artifacts, baseline, boundaries, cache, cache_dir, contracts,"),
        ('include = "sql"', "include must be a list of texts, not 'sql'"),
        ("include = [1]", "include must be a list of texts, not a list"),
        ("dialect = 3", "dialect must be a text, not 3"),
        ("processes = true", "processes must be a whole number, not true"),
        ("processes = -1", "processes must be 0 or more, not -1"),
        ('cache_dir = "/etc"', "cache_dir must be a folder below the root, not '/etc'; --cache-dir takes any"),
        ('cache_dir = "a/../../b"', "cache_dir must be a folder below the root, not 'a/../../b'"),
        ('cache_dir = "."', "cache_dir must be a folder below the root, not '.'"),
        ('cache_dir = ".git/x"', "cache_dir must be a folder below the root, not '.git/x'"),
        ("artifacts = 0", "artifacts must be true or false, not 0"),
        ("target = true", "target must be a text, not true"),
        ("vars = 1.5", "vars must be a table, not 1.5"),
        ('[dialects]\n"a/**" = 1', "dialects must be a table of texts, not a table"),
        ('[naming]\ncase = "title"', "naming.case must be one of keep, lower, upper, not 'title'"),
        ('[naming]\nplatform = "snowflak"', "naming.platform 'snowflak' is none of athena"),
        ("[naming]\njobs = []", "naming.jobs must be a text"),
        ("[naming]\ndomains = 3", "naming.domains must be a table of texts"),
        ('dialect = "snowflak"', "dialect: no dialect is called 'snowflak'; did you mean snowflake?"),
        ('[dialects]\n"a/**" = "postgrse"', "dialects.'a/**': no dialect is called 'postgrse'; did you mean postgres?"),
    ],
)
def test_what_is_wrong_is_one_line_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ConfigurationError) as error:
        load_settings(tmp_path)
    assert str(error.value).startswith(f"{path}: {said}")
    assert "\n" not in str(error.value)


def test_the_table_in_pyproject_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, "[tool.sqllineage-scan]\nincluude = []", "pyproject.toml")
    with pytest.raises(ConfigurationError) as error:
        load_settings(tmp_path)
    assert str(error.value) == f"{path}: unknown key 'tool.sqllineage-scan.incluude'; did you mean 'include'?"


def test_no_toml_says_which_line(tmp_path: Path) -> None:
    write(tmp_path, 'dialect = "duckdb"\ninclude = [\n')
    with pytest.raises(ConfigurationError, match=r"sqllineage-scan\.toml: .*(line 2|end of document)"):
        load_settings(tmp_path)
    (tmp_path / "sqllineage-scan.toml").write_bytes(b'dialect = "\xff"')
    with pytest.raises(ConfigurationError, match=r"not UTF-8 text \(byte 11\)"):
        load_settings(tmp_path)


def test_every_key_has_a_kind_a_description_and_an_example_that_fits() -> None:
    for field in fields(Settings):
        assert field.metadata["description"].endswith(".")
        assert field.metadata["examples"]
        assert all(kind_of(field).holds(example) for example in field.metadata["examples"])


def test_the_schema_agrees_with_the_reader(tmp_path: Path) -> None:
    import tomllib

    Draft202012Validator.check_schema(schema())
    validator = Draft202012Validator(schema())
    values = tomllib.loads(EVERYTHING)
    assert set(schema()["properties"]) == set(values)
    assert validator.is_valid(values)
    assert not validator.is_valid({"dialct": "duckdb"})
    assert not validator.is_valid({"processes": -1})


def test_dialects_are_those_of_the_parser() -> None:
    import sqlglot

    theirs = {name.value for name in sqlglot.Dialects if name.value}
    assert theirs <= set(known_dialects())
    assert check_dialect("snowflake") == "snowflake"
    meant = {"PostgreSQL": "postgres", "sqlserver": "tsql", "ansi": "", "teradata": "teradata"}
    assert {name: check_dialect(name) for name in meant} == meant
    with pytest.raises(UsageError, match=r"no dialect is called 'snowflak'; did you mean snowflake\?"):
        check_dialect("snowflak")
    with pytest.raises(UsageError, match="no dialect is called 'zzzzz'; known are ansi, athena, bigquery"):
        check_dialect("zzzzz")
