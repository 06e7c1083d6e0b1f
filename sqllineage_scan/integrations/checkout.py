"""What a CI job has checked out, and what its event compares that with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqllineage_scan.errors import UsageError

if TYPE_CHECKING:
    from sqllineage_scan.discover.revision import GitRepository
    from sqllineage_scan.integrations.runner import Runner


def base_of(runner: Runner, git: GitRepository) -> str:
    """The commit to compare HEAD with, as the event has it; empty where nothing came before.

    On ``pull_request`` the checkout is GitHub's merge commit: its first parent is the tip of the base, and the second the
    head of the pull request, so ``fetch-depth: 2`` brings both. Where the head itself is checked out it is compared with
    what it forked from, as far as the clone knows that, else with the tip of the base.
    """
    pull = runner.pull_request()
    if pull is not None:
        return _here(git, "HEAD^1") if _here(git, "HEAD^2") == pull.head else pull.base
    group = runner.event.get("merge_group")
    if isinstance(group, dict):
        return str(group.get("base_sha") or "")
    return runner.commit_before()


def _here(git: GitRepository, revision: str) -> str:
    try:
        return git.commit(revision, fetch=False).id
    except UsageError:
        return ""
