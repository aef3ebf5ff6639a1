"""Whether every page is valid HTML: what the Nu Html Checker says of all that the tests open.

    npm install --prefix /tmp/vnu vnu-jar
    python bench/valid_html.py --jar /tmp/vnu/node_modules/vnu-jar/build/dist/vnu.jar [--jobs 2] [--keep FOLDER] [tests]

Runs the tests with this file as a plugin of pytest: each whole page that the app answers, refused and broken ones too,
is written to a folder as it was sent, and once more in Spanish; so are mails. Then the checker (Java) reads the
folder. Prints each kind of error once, with how many pages have it and one of them; exit code 1 if there is one.
Tables that turn into cards on a phone name their roles, since `display` takes them away: that one rule is left out
(ROLES).
"""

import argparse
import gzip
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask, Response, request, request_finished, template_rendered
from flask_babel import force_locale, get_locale
from jinja2 import Template

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tracker.letter import Letter, Printed  # noqa: E402

TOP = Path(__file__).resolve().parent.parent
WHAT_OPENS_PAGES = ("pages", "staff", "supervisor", "emails", "browser", "test_every_route.py")
ROLES = re.compile(r"The “role” attribute must not be used on a “t\w+” element which has a “table” ancestor")
# What differs each time a page is made: tokens and keys.
RANDOM = re.compile(r'value="[\w.\-]{20,}"')


def keep(text: str, language: str, place: str) -> None:
    """Write the page to the folder, unless one like it is there."""
    if "<html" in text:
        mark = hashlib.sha256(RANDOM.sub("", text).encode()).hexdigest()[:16]
        name = re.sub(r"\W+", "-", place)[:80]
        Path(os.environ["PAGES_SEEN"], f"{language}{name}.{mark}.html").write_text(text)


def sent(_app: Flask, response: Response) -> None:
    if response.mimetype != "text/html" or response.is_streamed:
        return
    body = response.get_data()
    text = (gzip.decompress(body) if response.content_encoding == "gzip" else body).decode()
    keep(text, str(get_locale()), request.path)


def in_spanish(_app: Flask, template: Template, context: dict[str, Any]) -> None:
    if str(template.name).endswith(".html") and request:
        with force_locale("es"):
            keep(template.render({**context, "language": "es"}), "es", request.path)


def letters() -> None:
    """Mails are made of templates of their own: keep their HTML as it is written."""
    printed = Letter.printed

    def also_kept(self: Letter, subject: str, values: Mapping[str, Any]) -> Printed:
        for language in {"es", self.tongue}:
            keep(printed(replace(self, language=language), subject, values).html, language, f"-{self.kind}")
        return printed(self, subject, values)

    Letter.printed = also_kept  # type: ignore[method-assign]


def pytest_configure() -> None:
    request_finished.connect(sent)
    template_rendered.connect(in_spanish)
    letters()


def collect(folder: str, tests: list[str], jobs: int) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "bench.valid_html", *tests]
    if jobs > 1:
        command += ["-n", str(jobs), "--dist", "worksteal"]
    done = subprocess.run(command, cwd=TOP, env={**os.environ, "PAGES_SEEN": folder}, capture_output=True, text=True)
    if done.returncode > 1:  # 1: a test has failed; its pages are there
        raise SystemExit(done.stdout + done.stderr)
    print(done.stdout.strip().splitlines()[-1])


def errors(jar: str, folder: str) -> list[dict[str, Any]]:
    command = ["java", "-Xss4m", "-jar", jar, "--errors-only", "--format", "json", "--stdout", "--skip-non-html"]
    done = subprocess.run([*command, folder], capture_output=True, text=True)
    if not done.stdout.startswith("{"):
        raise SystemExit(f"{done.stdout}{done.stderr}")
    return [one for one in json.loads(done.stdout)["messages"] if not ROLES.match(one["message"])]


def show(found: list[dict[str, Any]]) -> None:
    kinds: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in found:
        kinds[one["message"]].append(one)
    for message, ones in sorted(kinds.items(), key=lambda kind: -len(kind[1])):
        where = sorted({Path(one["url"]).name for one in ones})
        print(f"\n{message}\n  {len(where)} pages, such as {where[0]}\n  {ones[0].get('extract', '')!r}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jar", required=True, help="vnu.jar")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--keep", help="a folder for the pages, which then stay")
    parser.add_argument("tests", nargs="*", default=[f"tests/{one}" for one in WHAT_OPENS_PAGES])
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        folder = os.path.abspath(asked.keep or passing)
        os.makedirs(folder, exist_ok=True)
        collect(folder, asked.tests, asked.jobs)
        found = errors(asked.jar, folder)
        names = os.listdir(folder)
        show(found)
    spanish = sum(name.startswith("es") for name in names)
    print(f"\n{len(names)} pages, {spanish} of them in Spanish: {len(found)} errors")
    raise SystemExit(1 if found or not names else 0)


if __name__ == "__main__":
    main()
