"""Who asks: a company and the staff of a city of `bench/city.py`, signed in, and the forms that they send."""

import itertools
from collections.abc import Iterator

from bench import city
from bench.visitor import Visitor, signed_in


def contractor(port: int, number: int) -> Visitor:
    code = city.company(number)[2]
    return signed_in(port, "/", {"company": code, "pin": code})


def technician(port: int) -> Visitor:
    return signed_in(port, "/staff", {"email": "sam@bluebonnet.example", "password": city.PASSWORD})


def supervisor(port: int) -> Visitor:
    return signed_in(port, "/staff", {"email": "olu@bluebonnet.example", "password": city.PASSWORD})


class Writer:
    """Forms of the company with 400 permits, each sent once: the next permit's first type that may be asked for."""

    def __init__(self, port: int) -> None:
        self.visitor, self.next = contractor(port, 2), itertools.cycle(range(26, city.SPECIAL + 1))

    def forms(self, count: int) -> Iterator[bytes]:
        """Filled in before the first is sent."""
        return iter([self._form(city.permit_number(next(self.next))) for _ in range(count)])

    def _form(self, number: str) -> bytes:
        page = self.visitor.look(f"/permits/{number}/request")
        form = page.select_one("form[action$='/request']")
        if form is None:
            raise RuntimeError(f"nothing can be asked for on {number} any more: the city is used up, make it anew")
        kinds = [str(one["value"]) for one in form.select("[name=inspection_type] option") if one["value"]]
        typed = {str(one["name"]): str(one.get("value", "")) for one in form.select("input:not([type=radio])[name]")}
        typed |= {str(one["name"]): str(one["value"]) for one in form.select("input[checked]")}
        typed |= {"inspection_type": kinds[0], "time_frame": "any", "action": "submit"}
        return self.visitor.raw(f"/permits/{number}/request", typed)
