"""PLOVER, the event ontology: types, modes, quad classes, intensities, sectors, contexts.

Source: PLOVER manual, draft 2.0 (Open Event Data Alliance, CC BY-SA 4.0), in our own words; docs/codebook.md tells
it in full. Where the manual contradicts itself (ACCUSE printed as +3, SANCTION in two quad classes) we follow its
chapters.
"""

from __future__ import annotations

from typing import NamedTuple

QUAD_NAMES = {1: "verbal cooperation", 2: "material cooperation", 3: "verbal conflict", 4: "material conflict"}


class EventType(NamedTuple):
    """One PLOVER event type: its quad class (1 to 4), intensity (-10 to +10) and the intensity of each mode."""

    name: str
    quad: int
    intensity: float
    target_required: bool
    modes: dict[str, float]
    meaning: str


_TYPES = (
    EventType("AGREE", 1, 2.5, False, {}, "promise, offer or agree to cooperate"),
    EventType(
        "CONSULT", 1, 2.5, False,
        {"visit": 4, "third-party": 1, "multilateral": 4, "phone": 1.5},
        "meet, visit, call, negotiate",
    ),
    EventType("SUPPORT", 1, 5, False, {}, "back in words or diplomacy, praise, recognise, sign or ratify"),
    EventType("CONCEDE", 1, 4.5, False, {}, "give way in words: apologise, pardon, declare a ceasefire"),
    EventType("COOPERATE", 2, 9.5, True, {}, "exchange for mutual benefit: trade, exercise together, extradite"),
    EventType("AID", 2, 10, True, {}, "give help: money, arms, relief, asylum, rescue"),
    EventType(
        "RETREAT", 2, 6.5, False,
        {"withdraw": 8, "release": 6.5, "disarm": 10, "ceasefire": 7.5, "access": 6.5, "resign": 4.5},
        "give way in fact: withdraw, release, disarm, resign",
    ),
    EventType(
        "REQUEST", 3, 0, False, {"assist": 0.5, "change": -1, "yield": -1, "meet": 0}, "ask, urge, demand, order"
    ),
    EventType(
        "ACCUSE", 3, -3, False,
        {"disapprove": -2, "investigate": -3.5, "allege": -3.5},
        "criticise, condemn, accuse, sue, investigate",
    ),
    EventType(
        "REJECT", 3, -2, False,
        {"assist": -1.5, "change": -2, "yield": -2, "meet": -2},
        "refuse, oppose, veto, cancel a meeting",
    ),
    EventType(
        "THREATEN", 3, -3.5, False,
        {"restrict": -3, "arrest": -3.5, "relations": -3.5, "expel": -3.5, "territory": -4, "violence": -3.5},
        "threaten, warn of consequences, issue an ultimatum",
    ),
    EventType(
        "PROTEST", 4, -5, False,
        {"demo": -5, "riot": -7, "strike": -5, "hunger": -4.5, "boycott": -4.5, "obstruct": -4.5, "vandalize": -5},
        "demonstrate, strike, riot, boycott",
    ),
    EventType(
        "SANCTION", 4, -6, True,
        {"convict": -6, "expel": -5.5, "withdraw": -6, "discontinue": -6},
        "cut relations, aid or trade; punish by court or embargo",
    ),
    EventType(
        "MOBILIZE", 4, -5.5, False,
        {"troops": -6.5, "weapons": -6.5, "police": -5.5, "militia": -6},
        "show force without using it: deploy, test weapons, exercise",
    ),
    EventType(
        "COERCE", 4, -7, False,
        {
            "seize": -7, "restrict": -7, "censor": -6.5, "curfew": -6.5, "martial-law": -7.5, "arrest": -7,
            "deport": -7, "withhold": -7, "misinformation": -6.5, "cyber": -7,
        },
        "repress short of violence: arrest, ban, seize, deport, hack",
    ),
    EventType(
        "ASSAULT", 4, -9, False,
        {
            "abduct": -8.5, "beat": -7.5, "torture": -8.5, "sexual": -8.5, "targeted": -9.5, "destroy": -8.5,
            "primitive": -8, "firearms": -9, "explosives": -9, "suicide-attack": -9.5, "aerial": -9.5, "drone": -9.5,
            "heavy-weapons": -9.5, "crowd-control": -7.5, "unconventional": -10,
        },
        "use force: attack, bomb, kill, abduct",
    ),
)  # fmt: skip

TYPES: dict[str, EventType] = {t.name: t for t in _TYPES}

SECTORS: dict[str, str] = {
    "GOV": "government", "MIL": "armed forces", "COP": "police", "LEG": "legislature", "JUD": "judiciary",
    "SPY": "intelligence", "PTY": "party or candidate", "OPP": "opposition", "REB": "rebels",
    "PRM": "paramilitaries of the state", "UAF": "unidentified armed force", "CVL": "civilians", "BUS": "business",
    "JRN": "media", "LAB": "labour", "EDU": "education and think tanks", "REL": "religion", "MED": "medicine",
    "SOC": "civil society", "REF": "refugees and migrants", "CRM": "criminals", "ELI": "elites and former officials",
    "AGR": "agriculture", "PRE": "partially recognised entity", "UNK": "unknown",
}  # fmt: skip

INTERNATIONAL: dict[str, str] = {
    "UNO": "United Nations", "EUR": "European Union", "NAT": "NATO", "IGO": "intergovernmental organisation",
    "NGO": "non-governmental organisation", "ISM": "international or transnational movement",
    "IMG": "international militant group", "MNC": "multinational company", "WST": "the West",
}  # fmt: skip

CONTEXTS = (
    "military", "intelligence", "executive", "legislative", "election", "political_institutions", "pro_democracy",
    "pro_autocracy", "economic", "legal", "reparations", "human_rights", "rights_freedoms", "repression",
    "human_security", "gender", "lgbt", "religion_ethnicity", "inequality", "diplomatic", "territory", "peacekeeping",
    "health", "asylum", "migration", "disasters", "natural_resource", "environment", "technology", "terrorism", "cbrn",
    "cyber", "misinformation", "crime", "corruption", "illegal_drugs", "trafficking",
)  # fmt: skip


def quad(event_type: str) -> int:
    """The quad class, 1 to 4, of an event type."""
    return TYPES[event_type].quad


def intensity(event_type: str, mode: str | None = None) -> float:
    """PLOVER's score of an event type, or of its mode where the manual scores that."""
    kind = TYPES[event_type]
    return kind.modes.get(mode, kind.intensity) if mode else kind.intensity
