"""Sheets as an Excel workbook (Office Open XML, ECMA-376), written as it is sent.

Text is an inline string in a cell of the format «Text»: it is never a formula, not even after somebody edits it.
Decimals are numbers as they are, times are dates in the zone that the head names. Heads are frozen and filter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache

from quizapp.formats.sheets import LONGEST_TEXT, Cell, Column, Pages, Sheet, Style, plain, zip_stream
from quizapp.formats.sheets.csv_sheet import yes_or_no
from quizapp.formats.sheets.xml_text import DECLARATION, escaped

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_NAME = 31  # of a sheet
FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
LINE, MOST_LINES = 15, 5  # the height of a line of heads in points; and how many there are at most
TEXT, TIME, PERCENT, HEAD = 1, 2, 3, 4  # cell formats, in the order of the style sheet below
STYLES = (
    f'{DECLARATION}<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" '
    'formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/>'
    '</font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill '
    'patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="2"><border>'
    '<left/><right/><top/><bottom/><diagonal/></border><border><left/><right/><top/><bottom style="thin"><color '
    'auto="1"/></bottom><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" '
    'borderId="0"/></cellStyleXfs><cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="2" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyFont="1" '
    'applyBorder="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf></cellXfs><cellStyles count="1">'
    '<cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
ROOT_RELATIONS = (
    f'{DECLARATION}<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{DOCUMENT}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>'
)
BEGINNING = datetime(1899, 12, 30)  # noqa: DTZ001  Excel's dates have no zone
DAY = timedelta(days=1)
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def stream(sheets: Iterable[Sheet], style: Style) -> Iterator[bytes]:
    """The workbook, chunk by chunk; the rows of each sheet are asked for when those before it are sent."""
    return zip_stream.stream(_entries(sheets, style))


def _entries(sheets: Iterable[Sheet], style: Style) -> Iterator[zip_stream.Entry]:
    yield "_rels/.rels", [ROOT_RELATIONS]
    yield "xl/styles.xml", [STYLES]
    names: list[str] = []
    for sheet in sheets:
        pages = Pages(sheet)
        for name, rows in pages:
            names.append(FORBIDDEN.sub(" ", name)[:LONGEST_NAME])
            parts = _sheet(sheet, rows, style, is_first=len(names) == 1)
            yield f"xl/worksheets/sheet{len(names)}.xml", _measured(parts, pages)
    yield "xl/workbook.xml", [_book(names)]
    yield "xl/_rels/workbook.xml.rels", [_relations(len(names))]
    yield "[Content_Types].xml", [_content_types(len(names))]


def _measured(parts: Iterable[str], pages: Pages) -> Iterator[str]:
    for part in parts:
        pages.room -= len(part)
        yield part


def _sheet(sheet: Sheet, rows: Iterable[Sequence[Cell]], style: Style, *, is_first: bool) -> Iterator[str]:
    selected = ' tabSelected="1"' if is_first else ""
    yield (
        f'{DECLARATION}<worksheet xmlns="{MAIN}"><sheetViews><sheetView{selected} workbookViewId="0"><pane xSplit="1" '
        'ySplit="1" topLeftCell="B2" activePane="bottomRight" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{_widths(sheet.columns)}</cols><sheetData>"
    )
    heads = style.heads(sheet)
    lines = max(-(-len(head) * 6 // (column.width * 5)) for head, column in zip(heads, sheet.columns, strict=True))
    written = "".join(_text(head, HEAD) for head in heads)
    yield f'<row ht="{LINE * min(lines, MOST_LINES)}" customHeight="1">{written}</row>'
    write = _writer(style.zone, {number for number, one in enumerate(sheet.columns) if one.kind == "percent"})
    count = 1
    for row in rows:
        count += 1
        yield write(row)
    filtered = f'<autoFilter ref="A1:{letters(len(sheet.columns))}{count}"/>'
    yield f'</sheetData>{filtered}<pageSetup paperSize="9" orientation="landscape"/></worksheet>'


def _widths(columns: Sequence[Column]) -> str:
    return "".join(
        f'<col min="{i}" max="{i}" width="{column.width}" customWidth="1"/>' for i, column in enumerate(columns, 1)
    )


def _writer(zone: tzinfo, percents: set[int]) -> Callable[[Sequence[Cell]], str]:
    """How a row is written: each cell by its type, those of some columns as per cent."""

    def time(value: datetime) -> str:
        return f'<c s="{TIME}"><v>{(value.astimezone(zone).replace(tzinfo=None) - BEGINNING) / DAY:.10f}</v></c>'

    cells: dict[type, Callable[..., str]] = {
        str: _text,
        int: "<c><v>{}</v></c>".format,
        bool: lambda value: _text(yes_or_no(value)),
        Decimal: _number,
        datetime: time,
        type(None): lambda _: "<c/>",
    }
    if not percents:
        return lambda row: f"<row>{''.join([cells[type(value)](value) for value in row])}</row>"

    def with_percents(row: Sequence[Cell]) -> str:
        written = [
            _percent(value) if number in percents and isinstance(value, Decimal) else cells[type(value)](value)
            for number, value in enumerate(row)
        ]
        return f"<row>{''.join(written)}</row>"

    return with_percents


@lru_cache(maxsize=4096)
def _text(value: str, form: int = TEXT) -> str:
    if len(value) > LONGEST_TEXT:
        value = value[: LONGEST_TEXT - 1] + "…"
    literal = _LOOKS_ESCAPED.sub("_x005F_", escaped(value))  # Excel reads «_x0041_» as «A»
    return f'<c t="inlineStr" s="{form}"><is><t xml:space="preserve">{literal}</t></is></c>'


@lru_cache(maxsize=4096)
def _number(value: Decimal) -> str:
    return f"<c><v>{plain(value)}</v></c>"


@lru_cache(maxsize=4096)
def _percent(value: Decimal) -> str:
    return f'<c s="{PERCENT}"><v>{plain(value)}</v></c>'


def letters(number: int) -> str:
    """The name of a column: A, B … Z, AA …"""
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _book(names: Sequence[str]) -> str:
    listed = "".join(f'<sheet name="{escaped(name)}" sheetId="{i}" r:id="rId{i}"/>' for i, name in enumerate(names, 1))
    return f'{DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{DOCUMENT}"><sheets>{listed}</sheets></workbook>'


def _relations(count: int) -> str:
    each = "".join(
        f'<Relationship Id="rId{i}" Type="{DOCUMENT}/worksheet" Target="worksheets/sheet{i}.xml"/>'
        for i in range(1, count + 1)
    )
    styles = f'<Relationship Id="rId{count + 1}" Type="{DOCUMENT}/styles" Target="styles.xml"/>'
    return f'{DECLARATION}<Relationships xmlns="{PACKAGE}">{each}{styles}</Relationships>'


def _content_types(count: int) -> str:
    each = "".join(
        f'<Override PartName="/xl/worksheets/sheet{i}.xml" ContentType="{SPREADSHEET}.worksheet+xml"/>'
        for i in range(1, count + 1)
    )
    return (
        f'{DECLARATION}<Types xmlns="{TYPES}"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
        f'ContentType="{SPREADSHEET}.sheet.main+xml"/>{each}<Override PartName="/xl/styles.xml" '
        f'ContentType="{SPREADSHEET}.styles+xml"/></Types>'
    )
