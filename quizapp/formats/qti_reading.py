"""QTI items of versions 2.x and 3 as common questions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation

from quizapp.domain.exchange import Remark
from quizapp.domain.marking import FULL, ZERO, ratio
from quizapp.formats.common_from_item import decimal_text
from quizapp.formats.common_question import CommonAnswer, CommonQuestion, Kind, tag_values
from quizapp.formats.html_text import TextMaker
from quizapp.formats.xml_tree import Node

ENDING = "Interaction"
UNSEEN = {"rubricBlock", "modalFeedback", "feedbackInline", "feedbackBlock", "stylesheet", "style", "catalogInfo"}


def camel(node: Node) -> Node:
    """The tree in the names of version 2, whichever it is in."""
    tag = _camel(node.tag.removeprefix("qti-")) if node.tag.startswith("qti-") else node.tag
    attributes = {_camel(name): value for name, value in node.attributes.items()}
    children = [one if isinstance(one, str) else camel(one) for one in node.children]
    return Node(tag, attributes, children, node.line)


def _camel(name: str) -> str:
    return re.sub(r"-([a-z])", lambda found: found[1].upper(), name)


def question(item: Node, name: str, tags: Sequence[str] = ()) -> CommonQuestion:
    """The question that an item asks, with the reason why it cannot come in where it cannot."""
    return _Reader(item, name, tags).question()


class _Reader:
    def __init__(self, item: Node, file: str, tags: Sequence[str]) -> None:
        self._item = item
        self._tags = tags
        self._place = f"{file}, line {item.line}" if file else f"line {item.line}"
        self._maker = TextMaker()
        self._body = item.first("itemBody") or Node("itemBody")
        self._interactions = [one for one in _walk(self._body) if one.tag.endswith(ENDING)]
        self._feedback = {one.get("identifier"): self._text(one) for one in item.all("modalFeedback")}
        self._used: set[str] = set()
        self._shown_by = dict(self._conditions())

    def question(self) -> CommonQuestion:
        """The question."""
        kind, answers, first = self._kind_answers_first()
        own = self._text(self._body, leave=ENDING)
        prompt = "" if first else "\n".join(self._prompt(one) for one in self._interactions)
        rest = [text for name, text in self._feedback.items() if name not in self._used]
        return CommonQuestion(
            kind=kind,
            name=self._item.get("identifier").removeprefix("_") or self._item.get("title"),
            stem="\n".join(dict.fromkeys(filter(None, (own, prompt.strip())))),
            answers=answers,
            feedback="\n".join(dict.fromkeys(filter(None, rest))),
            topic=next(iter(tag_values(self._tags, "topic")), ""),
            tags=(*(tag for tag in self._tags if not tag.startswith("topic:")), *self._pins_besides_tags()),
            first=first,
            place=self._place,
            remarks=tuple(dict.fromkeys(self._maker.left_out)),
            faults=self._faults(),
        )

    def _pins_besides_tags(self) -> list[str]:
        """What stays in its place, where only the choices themselves say so."""
        if tag_values(self._tags, "pin") or self._is_two_part() or len(self._interactions) != 1:
            return []
        return list(_pins(self._interactions[0]))

    def _text(self, node: Node, leave: str = "") -> str:
        """The text of the element; what else it holds is noted."""
        maker = TextMaker()
        _tell(node, maker, leave)
        self._maker.left_out += maker.left_out
        return maker.text

    def _prompt(self, interaction: Node) -> str:
        prompt = interaction.first("prompt")
        return self._text(prompt) if prompt else ""

    def _tags_found(self) -> list[str]:
        return [one.tag for one in self._interactions]

    def _faults(self) -> tuple[Remark, ...]:
        found = self._tags_found()
        if self._is_two_part() or (len(found) == 1 and found[0] in _KINDS):
            return ()
        what = ", ".join(dict.fromkeys(found)) if found else "nothing to answer"
        return (Remark(self._place, f"cannot be carried: it has {what[:120]}"),)

    def _is_two_part(self) -> bool:
        return self._tags_found() == ["choiceInteraction"] * 2 and "evidence" in tag_values(self._tags, "type")

    def _kind_answers_first(self) -> tuple[Kind, tuple[CommonAnswer, ...], CommonQuestion | None]:
        if self._is_two_part():
            first, second = self._interactions
            kind, answers = self._choices(second)
            _, first_answers = self._choices(first)
            pins = tuple(_pins(first))
            return kind, answers, CommonQuestion("choice", "", self._prompt(first), first_answers, tags=pins)
        if len(self._interactions) != 1 or self._interactions[0].tag not in _KINDS:
            return "text", (), None
        interaction = self._interactions[0]
        if interaction.tag == "choiceInteraction":
            return (*self._choices(interaction), None)
        if interaction.tag == "matchInteraction":
            return "matching", self._rows(interaction), None
        if interaction.tag == "orderInteraction":
            return "order", self._ordered(interaction), None
        return (*self._typed(interaction), None)

    def _declaration(self, interaction: Node) -> Node:
        wanted = interaction.get("responseIdentifier")
        found = [one for one in self._item.all("responseDeclaration") if one.get("identifier") == wanted]
        return found[0] if found else Node("responseDeclaration")

    def _right(self, declaration: Node) -> list[str]:
        return [value.text.strip() for one in declaration.all("correctResponse") for value in one.all("value")]

    def _mapped(self, declaration: Node) -> dict[str, Decimal]:
        entries = [entry for one in declaration.all("mapping") for entry in one.all("mapEntry")]
        return {entry.get("mapKey"): decimal(entry.get("mappedValue")) or ZERO for entry in entries}

    def _choices(self, interaction: Node) -> tuple[Kind, tuple[CommonAnswer, ...]]:
        declaration = self._declaration(interaction)
        right, mapped = self._right(declaration), self._mapped(declaration)
        right = right or [name for name, value in mapped.items() if value > 0]
        ids = [one.get("identifier") for one in interaction.all("simpleChoice")]
        several = declaration.get("cardinality") == "multiple" and interaction.get("maxChoices") != "1"
        share = ratio(1, max(1, len(right)))
        highest = sum((value for value in mapped.values() if value > 0), ZERO)
        answers = []
        for choice in interaction.all("simpleChoice"):
            name = choice.get("identifier")
            earned = mapped[name] / highest if name in mapped and highest and several else None
            fraction = FULL if name in right else ZERO
            if several:
                fraction = earned if earned is not None else share if name in right else ZERO
            feedback = [self._text(one) for one in choice.all("feedbackInline")]
            said = self._said(name, interaction.get("responseIdentifier"))
            answers.append(
                CommonAnswer(
                    self._text(choice), fraction, "\n".join(filter(None, (*feedback, said))), id=name.removeprefix("_")
                )
            )
        if sorted(ids) == ["false", "true"]:
            return "true_false", tuple(answers)
        return ("choices" if several else "choice"), tuple(answers)

    def _said(self, value: str, response: str) -> str:
        """The feedback that a response of this value shows."""
        names = self._shown_by.get((response, value), [value] if value in self._feedback else [])
        self._used.update(names)
        return "\n".join(filter(None, (self._feedback.get(name, "") for name in names)))

    def _conditions(self) -> list[tuple[tuple[str, str], list[str]]]:
        """By response and value: which feedback the response processing shows for it."""
        found: dict[tuple[str, str], list[str]] = {}
        for branch in (one for one in _walk(self._item) if one.tag in ("responseIf", "responseElseIf")):
            setting = [one for one in branch.all("setOutcomeValue") if one.get("identifier") != "SCORE"]
            shown = [v.text.strip() for one in setting for v in _walk(one) if v.tag == "baseValue"]
            shown = [name for name in shown if name in self._feedback]
            condition = next((one for one in branch.children if isinstance(one, Node)), Node(""))
            asked = [one for one in _walk(Node("", children=[condition])) if one.tag == "variable"]
            response = next((one.get("identifier") for one in asked), "")
            for value in _values(condition):
                found.setdefault((response, value), []).extend(shown)
        return list(found.items())

    def _typed(self, interaction: Node) -> tuple[Kind, tuple[CommonAnswer, ...]]:
        declaration = self._declaration(interaction)
        name = interaction.get("responseIdentifier")
        is_number = declaration.get("baseType") in ("float", "integer")
        mapped = {key: value for key, value in self._mapped(declaration).items() if not is_number}
        right = list(dict.fromkeys([*self._right(declaration), *(key for key, value in mapped.items() if value > 0)]))
        highest = max([*mapped.values(), ZERO])
        tolerance = self._tolerance(name) if is_number else None
        wrong = [value for response, value in self._shown_by if response == name and value not in right]
        answers = [
            CommonAnswer(
                value,
                mapped[value] / highest if highest and value in mapped else FULL,
                self._said(value, name),
                tolerance=tolerance,
            )
            for value in right
        ]
        answers += [CommonAnswer(value, ZERO, self._said(value, name), tolerance=tolerance) for value in wrong]
        return ("number" if is_number else "text"), tuple(answers)

    def _tolerance(self, name: str) -> Decimal | None:
        for one in _walk(self._item):
            asked = [v.get("identifier") for v in one.all("variable")] if one.tag == "equal" else []
            if name in asked and one.get("toleranceMode") == "absolute":
                return decimal(next(iter(one.get("tolerance").split()), ""))
            if bounds := _bounds(one):
                return (bounds[1] - bounds[0]) / 2
        return None

    def _rows(self, interaction: Node) -> tuple[CommonAnswer, ...]:
        sets = [one.all("simpleAssociableChoice") for one in interaction.all("simpleMatchSet")]
        if len(sets) != 2:
            return ()
        pairs = [value.split() for value in self._right(self._declaration(interaction))]
        match_of = {pair[0]: pair[1] for pair in pairs if len(pair) == 2}
        texts = {one.get("identifier"): self._text(one) for one in (*sets[0], *sets[1])}
        rows = [
            CommonAnswer(
                texts[name],
                ratio(1, len(sets[0])),
                match=texts.get(match_of.get(name, ""), ""),
                id=name.removeprefix("_"),
            )
            for name in (one.get("identifier") for one in sets[0])
        ]
        used = set(match_of.values())
        extra = (texts[one.get("identifier")] for one in sets[1] if one.get("identifier") not in used)
        return (*rows, *(CommonAnswer("", match=text) for text in extra))

    def _ordered(self, interaction: Node) -> tuple[CommonAnswer, ...]:
        texts = {one.get("identifier"): self._text(one) for one in interaction.all("simpleChoice")}
        right = [name for name in self._right(self._declaration(interaction)) if name in texts]
        ties = {int(one) for one in tag_values(self._tags, "tie") if one.isdecimal() and len(one) < 4}
        ranks = [i - sum(1 for tie in ties if tie <= i) for i in range(1, len(right) + 1)]
        return tuple(
            CommonAnswer(texts[name], FULL, match=str(rank), id=name.removeprefix("_"))
            for name, rank in zip(right, ranks, strict=True)
        )


def _pins(interaction: Node) -> Iterator[str]:
    """Tags for the choices that are not shuffled, where others are: the first stays first, any other last."""
    choices = interaction.all("simpleChoice")
    fixed = [i for i, one in enumerate(choices, 1) if one.get("fixed") == "true"]
    if len(fixed) < len(choices):
        yield from (f"pin:{i}:{'first' if i == 1 else 'last'}" for i in fixed)


_KINDS = {
    "choiceInteraction", "textEntryInteraction", "extendedTextInteraction", "matchInteraction", "orderInteraction",
}  # fmt: skip


def _bounds(condition: Node) -> tuple[Decimal, Decimal] | None:
    """The least and the most that a condition of the form «and(gte, lte)» lets pass."""
    if condition.tag != "and":
        return None
    least, most = (decimal(next((v.text for v in one.all("baseValue")), "")) for one in _pair(condition))
    return (least, most) if least is not None and most is not None else None


def _pair(condition: Node) -> tuple[Node, Node]:
    return condition.first("gte") or Node(""), condition.first("lte") or Node("")


def _values(condition: Node) -> list[str]:
    """The values that a condition compares a response with; of bounds the middle."""
    if bounds := _bounds(condition):
        return [decimal_text((bounds[0] + bounds[1]) / 2)]
    around = Node("", children=[condition])
    return [one.text.strip() for one in _walk(around) if one.tag == "baseValue"]


def _walk(node: Node) -> list[Node]:
    """Every element inside, in the order of the file."""
    found: list[Node] = []
    for one in node.children:
        if isinstance(one, Node):
            found.append(one)
            found += _walk(one)
    return found


def _tell(node: Node, maker: TextMaker, leave: str = "") -> None:
    """Tells the maker what stands in the element; elements whose names end in ``leave`` are passed over."""
    for one in node.children:
        if isinstance(one, str):
            maker.data(one)
        elif one.tag in UNSEEN or (leave and one.tag.endswith(leave)):
            continue
        else:
            maker.start(one.tag, one.attributes)
            _tell(one, maker, leave)
            maker.end(one.tag)


def decimal(text: str) -> Decimal | None:
    """The number that a text says, of a size that marks and keys have; None for anything else."""
    try:
        value = Decimal(text.strip()) if len(text) < 40 else None
    except InvalidOperation:
        return None
    return value if value is not None and value.is_finite() and abs(value) < Decimal(10) ** 15 else None
