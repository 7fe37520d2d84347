"""Whose a common noun is that has no owner: 'the police', 'officials', 'rebels', 'the Foreign Secretary', 'allies'.

Most are of the country that the article plays in at that place (setting.py). Some are of no country unless the article
gives one ('terrorists', 'refugees', 'foreign tourists', 'other countries'), some are what few countries have ('the
Foreign Secretary'), and rebels are never those of a country at peace.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertius.ontology import INTERNATIONAL
from tertius.reading.actors import nominals
from tertius.reading.actors.nominals import Owner
from tertius.reading.actors.phrases import table, words

if TYPE_CHECKING:
    from collections.abc import Collection

    from spacy.tokens import Token

    from tertius.reading.actors.casting import Names
    from tertius.reading.actors.coreference import Memory
    from tertius.reading.actors.nominals import Description, Look
    from tertius.reading.actors.phrases import Referent

_NO_COUNTRY = frozenset(("REF",))  # people of these sectors belong to no country that is not named
_NOBODYS = words("nobodys")
_FOREIGN = words("foreign")
_BROAD = words("broad")
_REGIONAL = words("regional")
_ABROAD = words("abroad")
_INSURGENT = words("insurgent")
_MILITANTS = words("militants")
_AT_PEACE = words("at_peace")
_HOME_OF = table("home_of")
_BLOCS = frozenset(("UNO", "EUR", "NAT", "IGO"))
_RECENT = 10  # sentences in which an armed group was named last


def _tells_nothing(referent: Referent) -> bool:
    """An adjective such as 'Democratic' is of the article's country; a known group without a country is of none."""
    return referent.entity is None and referent.plural and referent.sector is None


class Homes:
    """The countries of what has none of its own."""

    def __init__(self, names: Names, memory: Memory, look: Look) -> None:
        self.names = names
        self.memory = memory
        self.look = look

    def owners(self, token: Token, described: Description) -> tuple[Owner, ...]:
        """Owners, those without a country of their own ('the families of victims') with that of the setting."""
        own = described.owners or (Owner(None, None, None),)
        if token.lower_ in _NOBODYS and self._is_possessed(token):  # 'its allies' are others
            after = nominals.owners_after(token, self.look)
            return tuple(o for o in after if o.country) or (Owner(None, None, None),)
        lacking = [o for o in own if o.country is None and (o.referent is None or _tells_nothing(o.referent))]
        if not lacking:
            return own
        country = self._country(token, described)
        return tuple(o._replace(country=country) if o in lacking else o for o in own)

    def _is_possessed(self, token: Token) -> bool:
        """'its allies', but not 'its Norwegian allies'."""
        named = (self.look(c.i) for c in token.children if c.dep_ in ("amod", "compound", "nmod"))
        return any(c.dep_ == "poss" for c in token.children) and not any(r is not None and r.referents for r in named)

    def _country(self, token: Token, described: Description) -> str | None:
        home = self._home(token, described)
        if home is not None:
            return home
        if self._is_nobodys(token, described):
            return None
        setting = self.names.setting
        without: Collection[str] = described.aligned
        if described.sector == "REB" and described.noun.partition(" ")[0] in _INSURGENT:
            without = {*without, *_AT_PEACE}
        country = setting.country_at(token.idx, without=without, sector=described.sector)
        return None if country in _AT_PEACE and described.noun.partition(" ")[0] in _NOBODYS else country

    def _is_nobodys(self, token: Token, described: Description) -> bool:
        """Whether it has no country unless the article gives it one: 'allies', 'African troops', 'foreign tourists'."""
        regions = {t.lower_ for t in token.doc[described.first : token.i] if t.text[:1].isupper()}
        abroad = {c.lower_ for c in token.children if c.dep_ == "amod" and c.lower_ not in described.noun}
        return bool(
            (described.sector in _NO_COUNTRY and (described.plural or described.sector == "REF"))
            or token.lower_ in _NOBODYS
            or self._elsewhere(token)
            or (described.plural and described.noun in _MILITANTS and self._of_no_country(token))
            or regions & _REGIONAL
            or abroad & _ABROAD
        )

    def _elsewhere(self, token: Token) -> bool:
        """'other countries', 'world leaders'; but 'all parties' are those to the conflict that the article is about."""
        before = token.nbor(-1).lower_ if token.i else ""
        return before in _FOREIGN and token.lower_ in _BROAD and (before, token.lower_) != ("all", "parties")

    def _of_no_country(self, token: Token) -> bool:
        """'Militants' after 'Islamic State': of the armed group named last, which has no country."""
        for reference in self.memory.before(token.i, _RECENT):
            for referent in reference.referents:
                if referent.kind == "group" and referent.sector == "REB" and referent.entity is not None:
                    return referent.country is None
        return False

    def _home(self, token: Token, described: Description) -> str | None:
        """Of what one country has ('the Pope') or few have ('the Foreign Secretary'): one of those spoken of."""
        if described.noun.startswith("member "):
            found = (r.country for ref in self.memory.before(token.i) for r in ref.referents if r.country in _BLOCS)
            return next(found, None)
        homes = [c for c in _HOME_OF.get(described.noun, ()) if c not in INTERNATIONAL or c in self.names.countries]
        return homes[0] if len(homes) == 1 else self.names.setting.likeliest(homes, token.idx)
