"""Which environment variables templates may read.

The list comes with the repository, so from whoever wrote the pull request, and what a template reads may stand in every output:
in names, in expressions, in a comment on a public page. So a repository may ask for ``DBT_TARGET`` and not for ``GITHUB_TOKEN``.
Whoever starts the scan may let it read whatever they like, in a place that no pull request can write to: their own environment.

    SQLLINEAGE_SCAN_ENV=WAREHOUSE_KEY,STAGE sqllineage-scan scan
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqllineage_scan.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

VARIABLE = "SQLLINEAGE_SCAN_ENV"
# Parts of names, between underscores. DBT_ENV_SECRET_… is what dbt itself never prints.
_SECRET_WORDS = frozenset(
    """
    auth authorization bearer cert certificate conn connection connectionstring cookie cred credential credentials creds dsn
    jwt keyfile keytab login npmrc oauth otp pass passcode passfile pat pem pfx pgpass
    pin private pw saml sas salt session sig signature signing ssh
    totp uri url vault webhook
    """.split()
)
_ENDINGS = ("key", "keys", "token", "tokens", "secret", "secrets", "password", "passwd", "pwd", "passphrase")
_SECRET_VALUE = re.compile(
    r"-----BEGIN |://[^/\s:@]*:[^/\s@]+@|^(?:gh[a-z]_|github_pat_|glpat-|xox[a-z]-|AKIA|ASIA|eyJ[\w-]+\.|dapi|sk-|npm_|pypi-)"
)


def allowed(asked: Iterable[str], environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that templates may read, with their values: those that the repository asks for, as far as it may, and those
    that ``SQLLINEAGE_SCAN_ENV`` names. ``ConfigurationError`` says which it may not ask for.
    """
    trusted = {name.strip() for name in environment.get(VARIABLE, "").split(",")} - {""}
    asked = [name for name in asked if name not in trusted]
    refused = sorted(name for name in asked if may_be_secret(name, environment.get(name, "")))
    if refused:
        raise ConfigurationError(
            f"env: a repository cannot ask for {', '.join(refused)}, which may be secret; whoever starts the scan can let "
            f"templates read it: {VARIABLE}={','.join(refused)}"
        )
    return {name: environment[name] for name in sorted({*asked, *trusted}) if name in environment}


def may_be_secret(name: str, value: str = "") -> bool:
    words = name.lower().split("_")
    return any(word in _SECRET_WORDS or word.endswith(_ENDINGS) for word in words) or _SECRET_VALUE.search(value) is not None
