"""The heaviest city behind the real server, once for all tests of this folder."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.cast import PASSWORD
from tests.page import Page
from tests.weight.a_full_city import City, build
from tests.weight.served import served
from tests.weight.wire import Answer, Client

LANGUAGES = ("en-US", "es-US")


@dataclass
class Phone:
    """A browser with cookies of its own, in one language. Pages are read with their forms; answers are weighed."""

    client: Client

    def get(self, path: str, **headers: str) -> Answer:
        return self.client.get(path, {name.replace("_", "-"): value for name, value in headers.items()})

    def page(self, path: str, **headers: str) -> Page:
        return Page(self.get(path, **headers))

    def submit(self, page: Page, selector: str = "main form[method=post]", button: str = "", **typed: Any) -> Answer:
        """The form of the page as it stands, with what was typed into it."""
        form = page.select(selector)[0]
        data = {**page.fields(form), **{name.replace("__", "-"): value for name, value in typed.items()}}
        if button:
            data["action"] = button
        return self.client.post(str(form["action"]), data)


@pytest.fixture(scope="session")
def full_city(new_database: Callable[[], Any]) -> Iterator[tuple[City, str]]:
    """The city, and the address it is served at."""
    with served(new_database, build) as found:
        yield found


@pytest.fixture(scope="session")
def city(full_city: tuple[City, str]) -> City:
    return full_city[0]


@pytest.fixture(scope="session", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="session")
def visitor(full_city: tuple[City, str], language: str) -> Phone:
    return Phone(Client(full_city[1], language))


@pytest.fixture(scope="session")
def builder(full_city: tuple[City, str], language: str) -> Phone:
    """Signed in for the company with 400 permits."""
    city, site = full_city
    phone = Phone(Client(site, language))
    typed = {"company": city.builder.company_name, "pin": city.builder.registration_code}
    assert phone.submit(phone.page("/"), **typed).headers["Location"] == "/dashboard"
    return phone


@pytest.fixture(scope="session")
def inspector(full_city: tuple[City, str], language: str) -> Phone:
    city, site = full_city
    phone = Phone(Client(site, language))
    said = phone.submit(phone.page("/staff"), email=city.inspector.email, password=PASSWORD)
    assert said.status_code == 303
    return phone


@pytest.fixture(scope="session")
def style_bytes(full_city: tuple[City, str]) -> int:
    """The style sheet of a contractor's page, compressed."""
    phone = Phone(Client(full_city[1], "en-US"))
    return sum(len(phone.get(str(link["href"])).data) for link in phone.page("/").select("link[rel=stylesheet]"))
