"""The city's inspection order as its table has it, for tests without a database."""

from collections.abc import Mapping

from tracker.rules.sequence import Need, Record, Type

# code → (trade, what it needs first; ! where asking for the same or an earlier day is enough)
ORDER = {
    "TPOLE": ("electrical", ""),
    "PLRGH": ("plumbing", ""),
    "FORM": ("building", ""),
    "FOUND": ("building", "PLRGH FORM"),
    "ELRGH": ("electrical", "FOUND"),
    "PLTOP": ("plumbing", "FOUND"),
    "MERGH": ("mechanical", "FOUND"),
    "FRAME": ("building", "ELRGH! PLTOP! MERGH!"),
    "ENERGY": ("building", "FRAME"),
    "BRICK": ("building", "FRAME"),
    "WALL": ("building", "ENERGY"),
    "SHOWER": ("plumbing", "PLTOP"),
    "GAS": ("plumbing", "PLTOP"),
    "SEWER": ("plumbing", ""),
    "TCI": ("electrical", "ELRGH"),
    "FLAT": ("building", ""),
    "POOL": ("building", ""),
    "IRRIG": ("irrigation", ""),
    "WH": ("plumbing", ""),
    "HVAC": ("mechanical", ""),
    "PLFIN": ("plumbing", "PLTOP GAS"),
    "ELFIN": ("electrical", "ELRGH"),
    "MEFIN": ("mechanical", "MERGH"),
    "FINAL": ("building", "PLFIN! ELFIN! MEFIN! WALL BRICK SEWER TCI"),
}
MAY_REPEAT = ("FLAT",)
HOUSE = tuple(code for code in ORDER if code not in ("POOL", "IRRIG", "WH", "HVAC"))


def _type(id: int, code: str, trade: str, needs: str) -> Type:
    first = tuple(Need(need.rstrip("!"), need.endswith("!")) for need in needs.split())
    return Type(
        id,
        code,
        f"The {code}",
        f"El {code}",
        trade,
        needs=first,
        may_repeat=code in MAY_REPEAT,
        needs_caller=code == "IRRIG",
        is_final=code == "FINAL",
    )


TYPES: Mapping[str, Type] = {
    code: _type(id, code, trade, needs) for id, (code, (trade, needs)) in enumerate(ORDER.items(), 1)
}


def needs_of(code: str) -> list[str]:
    return [need.code for need in TYPES[code].needs]


def house(**known: object) -> Record:
    """What is known of a new house, for its general contractor unless `trades` says otherwise."""
    return Record(**{"listed": HOUSE, **known})
