"""The style sheet and the script: read once, served at a URL that changes with their content."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from flask import Flask, Response
from werkzeug.exceptions import NotFound

FOLDER = Path(__file__).parent / "static"
KINDS = {".css": "text/css", ".js": "text/javascript"}


@dataclass(frozen=True, slots=True)
class Asset:
    """A static file. `name` contains a digest of the content, so that browsers can cache it forever."""

    name: str
    content: bytes
    kind: str


def read_assets() -> dict[str, Asset]:
    """Return the assets by file name."""
    return {path.name: read_asset(path) for path in sorted(FOLDER.iterdir()) if path.suffix in KINDS}


def read_asset(path: Path) -> Asset:
    content = path.read_bytes()
    name = f"{path.stem}.{sha256(content).hexdigest()[:12]}{path.suffix}"
    return Asset(name, content, KINDS[path.suffix])


def add_assets(app: Flask) -> None:
    """Serve each file under its name with the digest; 404 for any other name."""
    assets = read_assets()
    served = {asset.name: asset for asset in assets.values()}
    app.jinja_env.globals["assets"] = {name: f"/static/{asset.name}" for name, asset in assets.items()}

    @app.get("/static/<name>")
    def static(name: str) -> Response:
        if name not in served:
            raise NotFound
        headers = {"Cache-Control": "public, max-age=31536000, immutable"}
        return Response(served[name].content, mimetype=served[name].kind, headers=headers)
