"""Hot statements: a query's text is made once a process, and each time only its values are put in."""

import inspect
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, TypeVar

from peewee import BooleanField, Context, DateField, DateTimeField, DecimalField, Node, Query

from tracker.db import BaseModel, database

T = TypeVar("T", bound=BaseModel)

# Those whose values the driver may give in another shape than Python's.
READ_ANEW = (BooleanField, DateField, DateTimeField, DecimalField)


class Place(Node):
    """Where a value goes, written as the column that it is compared with writes it."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __sql__(self, ctx: Context) -> Context:
        return ctx.value(Written(self.name, ctx.state.converter), converter=False)


class Written:
    """A value that is not there yet, and what its column makes of it."""

    def __init__(self, name: str, converter: Callable[[Any], Any] | None) -> None:
        self.name = name
        self.converter = converter

    def of(self, values: dict[str, Any]) -> Any:
        value = values[self.name]
        return self.converter(value) if self.converter else value


class Prepared:
    """A query as the database at hand takes it."""

    def __init__(self, query: Query) -> None:
        self.text, self.places = query.sql()
        self.readers = [
            (place, field.python_value)
            for place, field in enumerate(getattr(query, "selected_columns", ()))
            if isinstance(field, READ_ANEW)
        ]

    def run(self, values: dict[str, Any]) -> Any:
        given = [one.of(values) if isinstance(one, Written) else one for one in self.places]
        return database.execute_sql(self.text, given)

    def rows(self, values: dict[str, Any]) -> list[tuple]:
        found = self.run(values).fetchall()
        return [self._read(row) for row in found] if self.readers else found

    def _read(self, row: tuple) -> tuple:
        cells = list(row)
        for place, read in self.readers:
            cells[place] = read(cells[place])
        return tuple(cells)


class Statement:
    """What `statement` makes of a function: called with its values it gives the rows as tuples.

    One that writes has `change` called instead, which gives how many rows it changed.
    """

    def __init__(self, build: Callable[..., Query]) -> None:
        self.build = build
        self.__doc__ = build.__doc__
        self.prepared: dict[type, Prepared] = {}

    @cached_property
    def names(self) -> list[str]:
        return list(inspect.signature(self.build).parameters)

    def __call__(self, *values: Any) -> list[tuple]:
        return self._here().rows(dict(zip(self.names, values, strict=True)))

    def change(self, *values: Any) -> int:
        return int(self._here().run(dict(zip(self.names, values, strict=True))).rowcount)

    def _here(self) -> Prepared:
        kind = type(database.obj)
        if kind not in self.prepared:
            self.prepared[kind] = Prepared(self.build(*map(Place, self.names)))
        return self.prepared[kind]


def whole(model: type[T], cells: Sequence[Any]) -> T:
    """A row of a model, from its columns in their order."""
    row = model(__no_default__=1)
    row.__data__.update(zip(model._meta.sorted_field_names, cells, strict=True))
    return row


def first_row(model: type[T], rows: Sequence[Sequence[Any]]) -> T | None:
    """The first of what a statement found as a row of the model; None where it found nothing."""
    return whole(model, rows[0]) if rows else None


def statement(build: Callable[..., Query]) -> Statement:
    """Decorates a function that makes a query of nothing but its values: it is called once, with places for them.

    So it must not look at the values: no `if`, no list of any length, no text to be searched for in them.
    """
    return Statement(build)
