"""Templates to pages. A folder of the user's own templates goes first, file by file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqllineage_scan.bundled import folder, version
from sqllineage_scan.errors import UsageError
from sqllineage_scan.outputs.site.scripts import BUNDLES, PARTS, joined, styled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable
    from pathlib import Path

    from sqllineage_scan.outputs.site.book import Book

_WITH_DATA = frozenset(
    {"base.html", "home.html", "dataset.html", "governance.html"}
)  # and every template whose name begins with _
_PLACE = "site"
CONTENT_SECURITY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src data:; "
    "form-action 'none'; base-uri 'none'"
)


class Pages:
    def __init__(self, book: Book, own: Path | None) -> None:
        import jinja2
        from markupsafe import Markup

        if own is not None and not own.is_dir():
            raise UsageError(f"there is no folder of templates {own}")
        self._own = own
        self._bundled = folder("templates").joinpath(_PLACE)
        self._environment = jinja2.Environment(
            autoescape=True,
            loader=jinja2.FunctionLoader(self._text),
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self._environment.globals.update(
            title=book.title,
            tool_version=version(),
            content_security=Markup(CONTENT_SECURITY),  # noqa: S704 -- ours
        )

    def render(self, template: str, /, **values: Any) -> str:
        import jinja2

        try:
            return self._environment.get_template(template).render(**values)
        except jinja2.TemplateNotFound as error:
            raise UsageError(f"there is no template {error.name}") from error
        except jinja2.TemplateError as error:  # in a template of the user's own
            place = f"{getattr(error, 'name', None) or template}:{getattr(error, 'lineno', None) or '?'}"
            raise UsageError(f"template {place}: {error}") from error

    def standalone(self) -> Iterator[str]:
        """Pages that need nothing of the graph but its shards."""
        for name in self._names(""):
            if name.endswith(".html") and name not in _WITH_DATA and not name.startswith("_"):
                yield name

    def assets(self) -> Iterator[tuple[str, bytes]]:
        for name in self._names("assets"):
            if name.endswith(".css"):
                yield name, styled(self._find(f"assets/{name}").read_text(encoding="utf-8")).encode()
            elif name not in PARTS:
                yield name, self._find(f"assets/{name}").read_bytes()
        for name, parts in BUNDLES.items():
            sources = [self._find(f"assets/{part}.js").read_text(encoding="utf-8") for part in parts]
            yield name, joined(sources).encode()

    def _names(self, below: str) -> list[str]:
        """Of the files in one folder of the templates."""
        names: set[str] = set()
        for place in (self._bundled, self._own):
            here = place and (place.joinpath(below) if below else place)
            if here and here.is_dir():
                names.update(item.name for item in here.iterdir() if item.is_file() and not item.name.startswith("."))
        return sorted(names)

    def _find(self, name: str) -> Traversable | Path:
        if self._own is not None and (self._own / name).is_file():
            return self._own / name
        return self._bundled.joinpath(name)

    def _text(self, name: str) -> str | None:
        found = self._find(name)
        return found.read_text(encoding="utf-8") if found.is_file() else None
