"""Whose inspection it was: the company the file names, or else the one whose trade it is, where that is sure."""

from collections import defaultdict
from collections.abc import Iterable

from peewee import fn

from tracker.db import any_of
from tracker.models import CompanyName, Contractor, InspectionType, PermitContractor
from tracker.rules.names import company_key
from tracker.rules.words import Trade


class Whose:
    """The companies on some permits, read at once."""

    def __init__(self, asked: Iterable[tuple[int, int, str]]) -> None:
        """`asked`: permit, inspection type, and the company as the file names it ('' where it does not)."""
        asked = list(asked)
        self._by_trade: dict[tuple[int, str], set[int]] = defaultdict(set)
        self._on: dict[int, set[int]] = defaultdict(set)
        self._trades = dict(InspectionType.select(InspectionType.id, InspectionType.trade).tuples())
        self._named = _by_key({company_key(name) for _, _, name in asked if name})
        links = PermitContractor.select(PermitContractor.permit, PermitContractor.contractor, PermitContractor.trade)
        for permit, company, trade in links.where(
            any_of(PermitContractor.permit, {permit for permit, *_ in asked})
        ).tuples():
            self._by_trade[permit, trade].add(company)
            self._on[permit].add(company)

    def of(self, permit: int, kind: int, name: str) -> int | None:
        """The company's id; None where the file names one that is not on the permit, or several have the trade."""
        if name:
            company = self._named.get(company_key(name))
            return company if company in self._on.get(permit, ()) else None
        for trade in (self._trades[kind], Trade.GENERAL):
            if companies := self._by_trade.get((permit, trade)):
                return next(iter(companies)) if len(companies) == 1 else None
        return None


def _by_key(keys: set[str]) -> dict[str, int]:
    if not keys:
        return {}
    same = fn.COALESCE(Contractor.merged_into, Contractor.id)
    return dict(
        CompanyName.select(CompanyName.key, same).join(Contractor).where(any_of(CompanyName.key, keys)).tuples()
    )
