"""A supervisor's form as a browser sends it, ticked boxes of one name included."""

from typing import Any

from tests.page import Browse, Page


def sent(page: Page, selector: str = "form.form", **typed: Any) -> dict[str, Any]:
    """What the form holds, with `typed` over it (`needs_0_code` is needs-0-code); None leaves a box unticked."""
    form = page.one(selector)
    data: dict[str, Any] = dict(page.fields(form))
    for name in {str(box["name"]) for box in form.select("input[type=checkbox]")}:
        ticked = [str(box["value"]) for box in form.select(f'input[name="{name}"]') if box.has_attr("checked")]
        data.pop(name, None)
        if ticked:
            data[name] = ticked
    data |= typed
    return {name: value for name, value in data.items() if value is not None}


def save(browsing: Browse, path: str, status: int = 303, **typed: Any) -> Page:
    """Open the page, type, press the button; the page it leads to."""
    browsing.get(path)
    return send(browsing, path, status, **typed)


def send(browsing: Browse, path: str, status: int = 303, **typed: Any) -> Page:
    """Type into the page that is open and press the button."""
    names = {name.replace("__", "-"): value for name, value in typed.items()}
    answer = browsing.post(path, sent(browsing.page, **names), status)
    return browsing.get(answer.headers["Location"]) if status == 303 else answer


def problems(page: Page) -> list[str]:
    """The lines of the box at the top."""
    return [*page.words("#problems h2"), *page.words("#problems li")]
