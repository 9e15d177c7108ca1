"""QTI 1.2, as older systems and Canvas write it: questions in, none out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from quizapp.domain.exchange import Remark
from quizapp.domain.marking import FULL, ZERO, ratio
from quizapp.formats.common_question import CommonAnswer, CommonQuestion, Kind
from quizapp.formats.html_text import text_of_html
from quizapp.formats.qti_reading import decimal
from quizapp.formats.xml_tree import Node

NO_ANSWER = {"text_only_question": "a text without a question", "file_upload_question": "asks for a file"}


def questions(root: Node, name: str) -> Iterator[CommonQuestion]:
    """The questions of all sections and object banks."""
    for item in root.every("item"):
        yield _Reader(item, name).question()


@dataclass
class _Condition:
    """What a response condition asks (response → values), and what it does: score, feedback."""

    wanted: dict[str, list[str]] = field(default_factory=dict)
    unwanted: set[str] = field(default_factory=set)
    least: Decimal | None = None
    most: Decimal | None = None
    score: Decimal = ZERO
    feedback: list[str] = field(default_factory=list)
    is_other: bool = False


class _Reader:
    def __init__(self, item: Node, file: str) -> None:
        self._item = item
        self._place = f"{file}, line {item.line}" if file else f"line {item.line}"
        self._remarks: list[str] = []
        self._presentation = item.first("presentation") or Node("presentation")
        self._feedback = {one.get("ident"): self._material(one) for one in item.all("itemfeedback")}
        nodes = [one for process in item.all("resprocessing") for one in process.all("respcondition")]
        self._conditions = [_condition(one) for one in nodes]
        self._fields = {
            one.text_at("fieldlabel").casefold(): one.text_at("fieldentry") for one in item.every("qtimetadatafield")
        }

    def question(self) -> CommonQuestion:
        """The question."""
        kind, answers = self._kind_and_answers()
        faults = () if answers else (Remark(self._place, f"cannot be carried: {self._reason()}"),)
        shown = {name for one in self._conditions if one.wanted and not one.is_other for name in one.feedback}
        by_kind = [text for name, text in self._feedback.items() if name not in shown]
        marks = decimal(self._fields.get("points_possible", "")) or FULL
        return CommonQuestion(
            kind=kind,
            name=self._item.get("title") if self._item.get("title") != "Question" else "",
            stem=self._stem(),
            answers=answers,
            feedback="\n".join(dict.fromkeys(filter(None, by_kind))),
            marks=marks if 0 < marks <= 100 else FULL,
            place=self._place,
            remarks=tuple(dict.fromkeys(self._remarks)),
            faults=faults,
        )

    def _reason(self) -> str:
        name = self._fields.get("question_type", "")
        return NO_ANSWER.get(name) or (f"its type «{name[:40]}» has no key" if name else "no answers can be read")

    def _material(self, node: Node) -> str:
        """The text of what is shown, of HTML the text."""
        texts = []
        for one in node.every("mattext"):
            text, left_out = (
                text_of_html(one.text) if one.get("texttype", "text/html") != "text/plain" else (one.text, [])
            )
            self._remarks += left_out
            texts.append(text.strip())
        self._remarks += ["an image is left out" for _ in node.every("matimage")]
        return "\n".join(filter(None, texts))

    def _stem(self) -> str:
        """What is shown before and between the answers."""
        own = Node("", children=[o for o in self._flat() if o.tag in ("material", "mattext", "matimage")])
        return self._material(own)

    def _flat(self) -> list[Node]:
        """What the presentation holds, whatever flows are around it."""
        found: list[Node] = []
        waiting = [one for one in self._presentation.children if isinstance(one, Node)]
        while waiting:
            node = waiting.pop(0)
            if node.tag.startswith("flow"):
                waiting = [one for one in node.children if isinstance(one, Node)] + waiting
            else:
                found.append(node)
        return found

    def _kind_and_answers(self) -> tuple[Kind, tuple[CommonAnswer, ...]]:
        lids = [one for one in self._flat() if one.tag == "response_lid"]
        typed = [one for one in self._flat() if one.tag in ("response_str", "response_num")]
        if len(lids) > 1 and not typed:
            return "matching", self._rows(lids)
        if len(lids) == 1 and not typed:
            return self._choices(lids[0])
        if len(typed) == 1 and not lids:
            return self._typed(typed[0])
        return "text", ()

    def _choices(self, lid: Node) -> tuple[Kind, tuple[CommonAnswer, ...]]:
        several = lid.get("rcardinality").casefold() == "multiple"
        name = lid.get("ident")
        scoring = [one for one in self._conditions if one.score > 0]
        right = {value for one in scoring for value in one.wanted.get(name, [])}
        answers = []
        for label in lid.every("response_label"):
            key = label.get("ident")
            said = [one for one in self._conditions if not one.score and key in one.wanted.get(name, [])]
            said += [one for one in scoring if [key] == one.wanted.get(name, [])]
            texts = dict.fromkeys(self._feedback.get(shown, "") for one in said for shown in one.feedback)
            share = ratio(1, max(1, len(right))) if several else FULL
            fraction = share if key in right else -share if several else ZERO
            answers.append(CommonAnswer(self._material(label), fraction, "\n".join(filter(None, texts))))
        texts_of = sorted(one.text.casefold() for one in answers)
        if texts_of == ["false", "true"]:
            return "true_false", tuple(answers)
        return ("choices" if several else "choice"), tuple(answers)

    def _rows(self, lids: list[Node]) -> tuple[CommonAnswer, ...]:
        labels = {one.get("ident"): self._material(one) for one in lids[0].every("response_label")}
        right = {
            name: values[0]
            for one in self._conditions
            if one.score > 0
            for name, values in one.wanted.items()
            if values
        }
        rows = []
        for lid in lids:
            own = Node("", children=[one for one in lid.children if isinstance(one, Node) and one.tag == "material"])
            match = labels.get(right.get(lid.get("ident"), ""), "")
            rows.append(CommonAnswer(self._material(own), ratio(1, len(lids)), match=match))
        used = {one.match for one in rows}
        extra = (text for text in dict.fromkeys(labels.values()) if text not in used)
        return (*rows, *(CommonAnswer("", match=text) for text in extra))

    def _typed(self, entry: Node) -> tuple[Kind, tuple[CommonAnswer, ...]]:
        name = entry.get("ident")
        fib = next(iter(entry.every("render_fib")), Node(""))
        is_number = "numerical" in self._fields.get("question_type", "") or fib.get("fibtype") in ("Decimal", "Integer")
        answers: list[CommonAnswer] = []
        for one in self._conditions:
            said = "\n".join(filter(None, (self._feedback.get(shown, "") for shown in one.feedback)))
            fraction = FULL if one.score > 0 else ZERO
            if is_number and fraction and one.least is not None and one.most is not None:
                value, tolerance = (one.least + one.most) / 2, (one.most - one.least) / 2
                answers.append(CommonAnswer(f"{value.normalize():f}", FULL, said, tolerance=tolerance))
            else:
                answers += [CommonAnswer(value, fraction, said) for value in one.wanted.get(name, [])]
        merged = {one.text: one for one in reversed(answers) if one.text}
        ordered = list(dict.fromkeys(one.text for one in answers if one.text and (one.is_right or one.feedback)))
        return ("number" if is_number else "text"), tuple(merged[text] for text in ordered)


def _condition(node: Node) -> _Condition:
    found = _Condition()
    for variables in node.all("conditionvar"):
        _read(variables, found, wanted=True)
    scores = [decimal(one.text) or ZERO for one in node.all("setvar")]
    found.score = max([*scores, ZERO])
    found.feedback = [one.get("linkrefid") for one in node.all("displayfeedback")]
    return found


def _read(node: Node, found: _Condition, *, wanted: bool) -> None:
    for one in node.children:
        if isinstance(one, str):
            continue
        if one.tag == "varequal" and wanted:
            found.wanted.setdefault(one.get("respident"), []).append(one.text.strip())
        elif one.tag in ("vargte", "vargt"):
            found.least = decimal(one.text)
        elif one.tag in ("varlte", "varlt"):
            found.most = decimal(one.text)
        elif one.tag == "other":
            found.is_other = True
        else:
            _read(one, found, wanted=wanted and one.tag != "not")
