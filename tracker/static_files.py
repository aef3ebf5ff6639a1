"""Static files under names that hold a hash of their content: cached for good, and no database is touched."""

import gzip
import hashlib
import os
import re
import shutil
import tempfile
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise

from tracker import look

PREFIX = "static"


def bind(app: Flask) -> None:
    """Serve static/ as /static/<name>.<hash>.<ext>, and give templates `static_url(name)` and the city's `look`."""
    source = Path(app.root_path).parent / "static"
    contents = {
        path.relative_to(source).as_posix(): _slim(path) for path in sorted(source.rglob("*")) if path.is_file()
    }
    dressed = look.dress(contents, app.config)
    served = {name: _hashed(name, content) for name, content in contents.items()}
    folder = _built(Path(app.instance_path) / "static", {served[name]: contents[name] for name in served})

    def static_url(name: str) -> str:
        if name not in served:
            raise LookupError(f"static/{name} is not there")
        return f"/{PREFIX}/{served[name]}"

    app.jinja_env.globals.update(static_url=static_url, look=dressed)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(folder),
        prefix=f"{PREFIX}/",
        immutable_file_test=lambda path, url: True,
        allow_all_origins=False,
    )


def _slim(path: Path) -> bytes:
    """A style sheet without its comments and line breaks, a script as below; anything else as it is."""
    if path.suffix == ".js":
        return slim_script(path.read_text(encoding="utf-8")).encode()
    if path.suffix != ".css":
        return path.read_bytes()
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"\s*([{};])\s*", r"\1", re.sub(r"\s+", " ", text)).strip().encode()


def slim_script(text: str) -> str:
    """A script of ours without the comments that stand on lines of their own, and without indentation."""
    text = re.sub(r"^\s*/\*(?:(?!\*/).)*\*/\s*$", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"\n\s*", "\n", text).strip() + "\n"


def _hashed(name: str, content: bytes) -> str:
    stem, dot, extension = name.rpartition(".")
    return f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}{dot}{extension}"


def _built(base: Path, files: dict[str, bytes]) -> Path:
    """The folder that holds these very files, each with its gzip beside it.

    Several processes may start at once: each builds its own beside the place, and the first to move it there wins.
    """
    folder = base / hashlib.sha256("\n".join(files).encode()).hexdigest()[:16]
    if folder.is_dir():
        return folder
    base.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=base, prefix="making-"))
    for name, content in files.items():
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_bytes(content)
        (made / f"{name}.gz").write_bytes(gzip.compress(content, 9, mtime=0))
    try:
        os.rename(made, folder)
    except OSError:
        shutil.rmtree(made, ignore_errors=True)
        if not folder.is_dir():
            raise
    return folder
