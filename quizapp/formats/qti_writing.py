"""Common questions as QTI items, in the names of version 2; ``as_version_3`` gives them those of version 3."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from quizapp.domain.marking import FULL, HALF
from quizapp.formats.common_from_item import decimal_text
from quizapp.formats.common_question import CommonAnswer, CommonQuestion, Kind, tag_values
from quizapp.formats.html_text import ADDRESS
from quizapp.formats.xml_tree import Node, element

RESPONSE, FIRST, SCORE, GENERAL = "RESPONSE", "RESPONSE_A", "SCORE", "GENERAL"
FEEDBACK, FEEDBACK_A = "FEEDBACK", "FEEDBACK_A"
HTML = {"div", "p", "br", "a", "em", "strong", "span", "ul", "ol", "li"}
SCHEMA_2 = "http://www.imsglobal.org/xsd/imsqti_v2p1"
SCHEMA_3 = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
BASE_TYPES: dict[Kind, str] = {"text": "string", "number": "float", "matching": "directedPair"}


def identifier(name: str) -> str:
    """The id as QTI takes it: it may not begin with a digit."""
    return f"_{name}" if not name[:1].isalpha() else name


def item(question: CommonQuestion) -> Node:
    """The question as an assessment item of version 2.1."""
    body, declarations, scoring = _PARTS[question.kind](question)
    outcomes = [
        _outcome(SCORE, "single", "float", "0"),
        _outcome("MAXSCORE", "single", "float", "1"),
        _outcome(FEEDBACK, "multiple" if question.kind == "choices" else "single", "identifier"),
        *([_outcome(FEEDBACK_A, "single", "identifier")] if question.first else []),
        _outcome(GENERAL, "single", "identifier"),
    ]
    attributes = {"xmlns": SCHEMA_2, "identifier": identifier(question.name), "title": _title(question.stem)}
    attributes |= {"adaptive": "false", "timeDependent": "false"}
    general = _set(GENERAL, _value("identifier", "explanation"))
    return element(
        "assessmentItem",
        attributes,
        *declarations,
        *outcomes,
        element("itemBody", None, element("div", None, _paragraph(question.stem)), *body),
        element("responseProcessing", None, *scoring, *_chosen(question), general),
        *_feedback(question),
    )


def _title(stem: str) -> str:
    return " ".join(stem.split())[:120]


def _outcome(name: str, cardinality: str, base_type: str, value: str = "") -> Node:
    default = [element("defaultValue", None, element("value", None, value))] if value else []
    attributes = {"identifier": name, "cardinality": cardinality, "baseType": base_type}
    return element("outcomeDeclaration", attributes, *default)


def _paragraph(text: str) -> Node:
    return element("p", None, *_inline(text))


def _inline(text: str) -> Iterator[Node | str]:
    """The text with line breaks, and addresses as links."""
    for i, line in enumerate(text.split("\n")):
        if i:
            yield element("br")
        end = 0
        for found in ADDRESS.finditer(line):
            yield from [line[end : found.start()]] if found.start() > end else []
            yield element("a", {"href": found[0]}, found[0])
            end = found.end()
        yield from [line[end:]] if line[end:] else []


def _declared(name: str, cardinality: str, base_type: str, right: Sequence[str], *more: Node) -> Node:
    values = [element("value", None, one) for one in right]
    correct = [element("correctResponse", None, *values)] if values else []
    attributes = {"identifier": name, "cardinality": cardinality, "baseType": base_type}
    return element("responseDeclaration", attributes, *correct, *more)


def _mapping(entries: Sequence[tuple[str, str]], **attributes: str) -> Node:
    made = [element("mapEntry", {"mapKey": key, "mappedValue": value, **attributes}) for key, value in entries]
    return element("mapping", {"lowerBound": "0", "upperBound": "1", "defaultValue": "0"}, *made)


def _value(base_type: str, text: str) -> Node:
    return element("baseValue", {"baseType": base_type}, text)


def _variable(name: str) -> Node:
    return element("variable", {"identifier": name})


def _set(name: str, value: Node) -> Node:
    return element("setOutcomeValue", {"identifier": name}, value)


def _if(condition: Node, *then: Node, otherwise: Sequence[Node] = ()) -> Node:
    last = [element("responseElse", None, *otherwise)] if otherwise else []
    return element("responseCondition", None, element("responseIf", None, condition, *then), *last)


def _is_correct(name: str) -> Node:
    return element("match", None, _variable(name), element("correct", {"identifier": name}))


def _scored(name: str = RESPONSE, *, mapped: bool = False) -> Node:
    """The full score for the correct response; else none, or what the mapping says."""
    other = _set(SCORE, element("mapResponse", {"identifier": name}) if mapped else _value("float", "0"))
    return _if(_is_correct(name), _set(SCORE, _value("float", "1")), otherwise=[other])


Parts = tuple[list[Node], list[Node], list[Node]]  # body, response declarations, scoring


def _choice_ids(question: CommonQuestion) -> list[str]:
    return [identifier(one.id or f"answer-{i}") for i, one in enumerate(question.answers, 1)]


def _choices(question: CommonQuestion, name: str) -> tuple[Node, Node]:
    """The interaction and its declaration."""
    ids = _choice_ids(question)
    pins = {one.partition(":")[0] for one in tag_values(question.tags, "pin")}
    made = [
        element("simpleChoice", {"identifier": ids[i], **_fixed(str(i + 1) in pins)}, *_inline(one.text))
        for i, one in enumerate(question.answers)
    ]
    several = question.kind == "choices"
    shuffle = "false" if question.kind == "true_false" else "true"
    attributes = {"responseIdentifier": name, "shuffle": shuffle, "maxChoices": "0" if several else "1"}
    right = [ids[i] for i, one in enumerate(question.answers) if one.is_right]
    entries = [(ids[i], decimal_text(round(one.fraction, 7))) for i, one in enumerate(question.answers) if one.fraction]
    mapping = [_mapping(entries)] if several else []
    declared = _declared(name, "multiple" if several else "single", "identifier", right, *mapping)
    return element("choiceInteraction", attributes, *made), declared


def _fixed(is_pinned: bool) -> dict[str, str]:
    return {"fixed": "true"} if is_pinned else {}


def _choice(question: CommonQuestion) -> Parts:
    interaction, declared = _choices(question, RESPONSE)
    if question.first is None:
        return [interaction], [declared], [_scored(mapped=question.kind == "choices")]
    first, declared_first = _choices(question.first, FIRST)
    first.children.insert(0, element("prompt", None, *_inline(question.first.stem)))
    return [first, interaction], [declared, declared_first], _two_part_scoring(question.kind == "choices")


def _two_part_scoring(mapped: bool) -> list[Node]:
    """Half of the score for part A, the other half for the quotes, which count only with it."""
    half = _value("float", str(HALF))
    proved = element("product", None, half, element("mapResponse", {"identifier": RESPONSE})) if mapped else half
    second = _set(SCORE, element("sum", None, half, proved))
    return [_if(_is_correct(FIRST), _set(SCORE, half), second if mapped else _if(_is_correct(RESPONSE), second))]


def _text_entry(question: CommonQuestion) -> Parts:
    is_number = question.kind == "number"
    right = [one for one in question.answers if one.is_right]
    entry = element("textEntryInteraction", {"responseIdentifier": RESPONSE, "expectedLength": "40"})
    body = element("div", None, entry)
    mapping = [] if is_number else [_mapping([(one.text, "1") for one in right], caseSensitive="false")]
    declared = _declared(RESPONSE, "single", BASE_TYPES[question.kind], [one.text for one in right[:1]], *mapping)
    none = [_set(SCORE, _value("float", "0"))]
    full = _set(SCORE, _value("float", "1"))
    scoring = [_if(_equals(question, one), full, otherwise=none) for one in right[:1]] if is_number else [_mapped()]
    return [body], [declared], scoring


def _mapped() -> Node:
    return _set(SCORE, element("mapResponse", {"identifier": RESPONSE}))


def _equals(question: CommonQuestion, answer: CommonAnswer) -> Node:
    """The condition that this is what was typed."""
    value = _value(BASE_TYPES[question.kind], answer.text)
    if question.kind == "text":
        return element("stringMatch", {"caseSensitive": "false", "substring": "false"}, _variable(RESPONSE), value)
    if not answer.tolerance:
        return element("equal", {"toleranceMode": "exact"}, _variable(RESPONSE), value)
    number = Decimal(answer.text)  # within bounds, since not every player minds the tolerance of «equal»
    bounds = {"gte": number - answer.tolerance, "lte": number + answer.tolerance}
    parts = [
        element(name, None, _variable(RESPONSE), _value("float", decimal_text(bound))) for name, bound in bounds.items()
    ]
    return element("and", None, *parts)


def _matching(question: CommonQuestion) -> Parts:
    rows = [one for one in question.answers if one.text]
    offered = list(dict.fromkeys(one.match for one in question.answers))
    targets = {match: f"match-{i}" for i, match in enumerate(offered, 1)}
    ids = [identifier(one.id or f"row-{i}") for i, one in enumerate(rows, 1)]
    pairs = [f"{ids[i]} {targets[one.match]}" for i, one in enumerate(rows)]
    first = [_associable(ids[i], "1", one.text) for i, one in enumerate(rows)]
    second = [_associable(targets[match], "0", match) for match in offered]
    interaction = element(
        "matchInteraction",
        {"responseIdentifier": RESPONSE, "shuffle": "true", "maxAssociations": str(len(rows))},
        element("simpleMatchSet", None, *first),
        element("simpleMatchSet", None, *second),
    )
    share = decimal_text(round(FULL / max(1, len(rows)), 7))
    declared = _declared(RESPONSE, "multiple", "directedPair", pairs, _mapping([(pair, share) for pair in pairs]))
    return [interaction], [declared], [_scored(mapped=True)]


def _associable(name: str, most: str, text: str) -> Node:
    return element("simpleAssociableChoice", {"identifier": name, "matchMax": most}, *_inline(text))


def _order(question: CommonQuestion) -> Parts:
    ids = _choice_ids(question)
    texts = zip(ids, question.answers, strict=True)
    made = [element("simpleChoice", {"identifier": name}, *_inline(one.text)) for name, one in texts]
    interaction = element("orderInteraction", {"responseIdentifier": RESPONSE, "shuffle": "true"}, *made)
    return [interaction], [_declared(RESPONSE, "ordered", "identifier", ids)], [_scored()]


_PARTS: dict[Kind, Callable[[CommonQuestion], Parts]] = {
    "choice": _choice,
    "choices": _choice,
    "true_false": _choice,
    "text": _text_entry,
    "number": _text_entry,
    "matching": _matching,
    "order": _order,
}


def _chosen(question: CommonQuestion) -> Iterator[Node]:
    """What shows the feedback of the answer that was given."""
    for i, (name, one) in enumerate(_with_feedback(question)):
        if question.kind in ("text", "number"):
            condition = _equals(question, one)
        elif question.kind == "choices":
            condition = element("member", None, _value("identifier", name), _variable(RESPONSE))
        else:
            condition = element("match", None, _variable(RESPONSE), _value("identifier", name))
        shown = _value("identifier", f"feedback-{i + 1}")
        several = question.kind == "choices"
        yield _if(condition, _set(FEEDBACK, _also(FEEDBACK, shown) if several else shown))
    for i, (name, _) in enumerate(_with_feedback(question.first) if question.first else ()):
        condition = element("match", None, _variable(FIRST), _value("identifier", name))
        shown = _value("identifier", f"feedback-a-{i + 1}")
        yield _if(condition, _set(FEEDBACK_A, shown))


def _also(name: str, value: Node) -> Node:
    return element("multiple", None, _variable(name), value)


def _with_feedback(question: CommonQuestion) -> list[tuple[str, CommonAnswer]]:
    """The answers that say something, and foreseen wrong ones, with their identifiers."""
    if question.kind in ("matching", "order"):
        return []
    typed = question.kind in ("text", "number")
    named = zip(_choice_ids(question), question.answers, strict=True)
    return [(name, one) for name, one in named if one.feedback or (typed and not one.is_right)]


def _feedback(question: CommonQuestion) -> Iterator[Node]:
    for i, (_, one) in enumerate(_with_feedback(question)):
        yield _modal(FEEDBACK, f"feedback-{i + 1}", one.feedback)
    for i, (_, one) in enumerate(_with_feedback(question.first) if question.first else ()):
        yield _modal(FEEDBACK_A, f"feedback-a-{i + 1}", one.feedback)
    yield _modal(GENERAL, "explanation", question.feedback)


def _modal(outcome: str, name: str, text: str) -> Node:
    attributes = {"outcomeIdentifier": outcome, "identifier": name, "showHide": "show"}
    return element("modalFeedback", attributes, element("div", None, _paragraph(text)))


def as_version_3(node: Node) -> Node:
    """The same tree in the names of version 3.0."""
    is_html = node.tag in HTML
    tag = node.tag if is_html else f"qti-{_kebab(node.tag)}"
    attributes = node.attributes if is_html else {_kebab(name): value for name, value in node.attributes.items()}
    if attributes.get("xmlns") == SCHEMA_2:
        attributes = {**attributes, "xmlns": SCHEMA_3}
    children = [one if isinstance(one, str) else as_version_3(one) for one in node.children]
    if node.tag == "modalFeedback":
        children = [element("qti-content-body", None, *children)]
    return Node(tag, attributes, children)


def _kebab(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()
