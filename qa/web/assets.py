"""The style sheet and the script: read once, served at a URL that changes with their content."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from flask import Flask, Response
from werkzeug.exceptions import NotFound

from qa.models import Site
from qa.web.accent import accent_rules

FOLDER = Path(__file__).parent / "static"
KINDS = {".css": "text/css", ".js": "text/javascript"}


@dataclass(frozen=True, slots=True)
class Asset:
    """A static file. `name` contains a digest of the content, so that browsers can cache it forever."""

    name: str
    content: bytes
    kind: str


def read_assets(site: Site) -> dict[str, Asset]:
    """Return the assets by file name: those of the package, with the owner's accent, and the owner's logo."""
    files = {path.name: path.read_bytes() for path in sorted(FOLDER.iterdir()) if path.suffix in KINDS}
    files["style.css"] += accent_rules(site.accent).encode()
    assets = {name: as_asset(name, content, KINDS[Path(name).suffix]) for name, content in files.items()}
    if site.logo:
        kind, _, data = site.logo.removeprefix("data:").partition(";base64,")
        assets["logo"] = as_asset("logo", b64decode(data), kind)
    return assets


def as_asset(name: str, content: bytes, kind: str) -> Asset:
    stem, dot, ending = name.partition(".")
    return Asset(f"{stem}.{sha256(content).hexdigest()[:12]}{dot}{ending}", content, kind)


def add_assets(app: Flask, site: Site) -> None:
    """Serve each file under its name with the digest; 404 for any other name."""
    assets = read_assets(site)
    served = {asset.name: asset for asset in assets.values()}
    app.jinja_env.globals["assets"] = {name: f"/static/{asset.name}" for name, asset in assets.items()}

    @app.get("/static/<name>")
    def static(name: str) -> Response:
        if name not in served:
            raise NotFound
        headers = {"Cache-Control": "public, max-age=31536000, immutable"}
        return Response(served[name].content, mimetype=served[name].kind, headers=headers)
