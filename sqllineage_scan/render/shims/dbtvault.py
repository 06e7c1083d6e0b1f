"""dbtvault: automate_dv under its old name."""

from __future__ import annotations

from sqllineage_scan.render.shims.automate_dv import *  # noqa: F403 -- all of it
