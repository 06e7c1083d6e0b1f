"""What goes wrong by misuse. Trouble in a user's SQL is never an exception: it is a ``Finding``.

SqlLineageScanError
├── UsageError            a bad option, path, name or document: one clear line, exit 2
│   └── ConfigurationError    a bad key or value in the configuration, with its place
└── HostError             a code host (GitHub, GitLab) that refuses or does not answer; no fault of the change
"""

from __future__ import annotations


class SqlLineageScanError(Exception):
    """Root of the family; never raised itself."""


class UsageError(SqlLineageScanError):
    """The caller asked for something that cannot be: the message says what to do instead."""


class ConfigurationError(UsageError):
    """A configuration file has an unknown key or a value of the wrong kind."""


class HostError(SqlLineageScanError):
    """A code host does not do as it was asked; the message says what it said, and never holds a token."""
