"""Words of a question as a reader meets them: those with a meaning of their own, by their roots."""

from __future__ import annotations

import re
from functools import lru_cache

ROOT = 6  # letters that words of one family share: revolution, revolutionary
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_NUMBER = re.compile(r"\d+")
_POSSESSIVE = re.compile(r"['’]s?$")
_STOP = """
    a about above according after again against all also although am among an and another any are around as at away be
    because been before behind being below between both but by called came can come could day days did do does doing
    done down during each either else end even every few first for from further gave get give given gives go got had has
    have having he her here hers herself him himself his how however i if in into is it its itself just last later least
    less let like made make makes many may me might more most much must my named names near nearly neither never new
    next no none nor not nothing now of off often old on once one only or order other others our out over own part
    put quite rather said same saw say says see seen several shall she should since so some soon still such take
    taken tells than that the their them themselves then there these they thing things this those though three
    through thus time to together told too took toward towards two under until up upon us used very was way we
    well went were what when where whether which while who whole whom whose why will with within without would
    yet you your year years month months date dates day days document documents source sources passage passages page
    sentence encyclopedia encyclopaedia account words word question answer apply choose match judge
    """
STOP = frozenset(_STOP.split())


@lru_cache(maxsize=50_000)
def root(word: str) -> str:
    """What a word shares with those of its family: no case, no possessive or plural ending, six letters at most."""
    plain = _POSSESSIVE.sub("", word.casefold())
    if len(plain) > ROOT:
        return plain[:ROOT]
    return plain[:-1] if len(plain) > 3 and plain.endswith("s") else plain


def roots(text: str) -> frozenset[str]:
    """The roots of the words that mean something: no articles, prepositions, auxiliaries and the like."""
    words = (word.casefold() for word in _WORD.findall(text))
    return frozenset(root(word) for word in words if word not in STOP and len(word) > 2)


def subject(text: str) -> frozenset[str]:
    """The roots and the numbers: what tells one question from another."""
    return roots(text) | frozenset(_NUMBER.findall(text))
