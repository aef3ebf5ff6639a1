"""The companies a batch names → contractors: known ones by spelling or licence number, the rest new.

Surely one: the same key (letters and digits) or the same licence number. Alike but for the legal form: one only if
street address and ZIP5 agree too; otherwise they stay two, and a supervisor is asked (PossibleMatch).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from peewee import fn

from tracker.actions.companies import add_spellings, make_companies
from tracker.db import any_of
from tracker.importing.merging import Company
from tracker.models import CompanyName, Contractor, PossibleMatch
from tracker.rules.names import address_key, company_stem

MOST_MATCHES = 10  # names alike that a new company is listed with; more help nobody
ADDRESS = ("address", "city", "state", "zip")


class Companies:
    """The contractors of one batch, in its transaction. Those to be made have negative ids until `save`."""

    def __init__(self, named: Iterable[Company]) -> None:
        self.counts: Counter[str] = Counter()
        self._named = list(dict.fromkeys(named))
        self._by_key, self._by_lic = _known_keys(self._named), _known_licences(self._named)
        self._alike = _known_alike({_stem(company) for company in self._named if company.key not in self._by_key})
        known = {*self._by_key.values(), *self._by_lic.values(), *(id for ids in self._alike.values() for id in ids)}
        self._rows = _known_rows(known)
        self._filled: dict[int, dict[str, str]] = defaultdict(dict)
        self._made: dict[int, dict[str, Any]] = {}
        self._spellings: list[tuple[int, str]] = []
        self._matches: set[tuple[int, int]] = set()

    def save(self) -> dict[str, int]:
        """Make, fill in and match; returns the contractor of each key, ids as in the database."""
        for company in self._named:
            id = self._by_key[company.key] = self._found(company) or self._new(company)
            self._fill(id, company)
        ids = dict(zip(self._made, make_companies(list(self._made.values())), strict=True))
        add_spellings([(ids.get(id, id), name) for id, name in self._spellings])
        for id, values in self._filled.items():
            Contractor.update({**values, "version": Contractor.version + 1}).where(Contractor.id == id).execute()
        self._save_matches(ids)
        self.counts.update(companies=len(self._made), spellings=len(self._spellings))
        return {key: ids.get(id, id) for key, id in self._by_key.items()}

    def _found(self, company: Company) -> int | None:
        named, licensed = self._by_key.get(company.key), self._by_lic.get(company.lic_num)
        if named and licensed and named != licensed:
            self._matches.add((named, licensed))
        found = named or licensed or self._alike_at(company)
        if found and not named:
            self._spellings.append((found, company.name))
            self._alike[_stem(company)].append(found)
        return found

    def _alike_at(self, company: Company) -> int | None:
        place = address_key(company.address, company.zip)
        for id in self._alike[_stem(company)] if place else ():
            if address_key(self._rows[id]["address"], self._rows[id]["zip"]) == place:
                return id
        return None

    def _new(self, company: Company) -> int:
        id = -1 - len(self._made)
        self._rows[id] = self._made[id] = {
            "company_name": company.name,
            "lic_num": None,
            **{name: getattr(company, name) for name in (*ADDRESS, "phone", "email")},
        }
        alike = self._alike[_stem(company)]
        self._matches.update((id, other) for other in dict.fromkeys(alike[:MOST_MATCHES]))
        alike.append(id)
        return id

    def _fill(self, id: int, company: Company) -> None:
        """Only what is blank: the rest may be what the company or a clerk wrote."""
        row, found = self._rows[id], {}
        if company.lic_num and not row["lic_num"] and company.lic_num not in self._by_lic:
            found["lic_num"] = company.lic_num
            self._by_lic[company.lic_num] = id
        if not row["address"] and (company.address or not any(row[name] for name in ADDRESS)):
            found |= {name: getattr(company, name) for name in ADDRESS}
        found |= {name: getattr(company, name) for name in ("phone", "email") if not row[name]}
        found = {name: value for name, value in found.items() if value and value != row[name]}
        row.update(found)
        if found and id > 0:
            self._filled[id].update(found)

    def _save_matches(self, ids: dict[int, int]) -> None:
        pairs = [tuple(sorted((ids.get(one, one), ids.get(other, other)))) for one, other in self._matches]
        if pairs:
            known = PossibleMatch.select().count()
            fields = (PossibleMatch.contractor, PossibleMatch.other)
            PossibleMatch.insert_many(sorted(set(pairs)), fields=fields).on_conflict_ignore().execute()
            self.counts["possible_matches"] += PossibleMatch.select().count() - known


def _stem(company: Company) -> str:
    return company_stem(company.name)


def _known_keys(named: list[Company]) -> dict[str, int]:
    rows = (
        CompanyName.select(CompanyName.key, fn.COALESCE(Contractor.merged_into, Contractor.id))
        .join(Contractor)
        .where(any_of(CompanyName.key, {company.key for company in named}))
    )
    return dict(rows.tuples())


def _known_licences(named: list[Company]) -> dict[str, int]:
    wanted = {company.lic_num for company in named if company.lic_num}
    if not wanted:
        return {}
    same = fn.COALESCE(Contractor.merged_into, Contractor.id)
    return dict(Contractor.select(Contractor.lic_num, same).where(any_of(Contractor.lic_num, wanted)).tuples())


def _known_alike(stems: set[str]) -> dict[str, list[int]]:
    alike: dict[str, list[int]] = defaultdict(list)
    if stems:
        rows = (
            CompanyName.select(CompanyName.stem, CompanyName.contractor)
            .join(Contractor)
            .where(any_of(CompanyName.stem, stems), Contractor.merged_into.is_null())
            .order_by(CompanyName.id)
        )
        for stem, id in rows.tuples():
            alike[stem].append(id)
    return alike


def _known_rows(ids: set[int]) -> dict[int, dict[str, Any]]:
    columns = (Contractor.id, Contractor.lic_num, Contractor.address, Contractor.city, Contractor.state)
    rows = Contractor.select(*columns, Contractor.zip, Contractor.phone, Contractor.email).where(
        any_of(Contractor.id, ids)
    )
    return {row["id"]: row for row in rows.dicts()} if ids else {}
