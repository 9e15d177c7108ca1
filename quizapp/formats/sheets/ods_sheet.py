"""Sheets as an OpenDocument spreadsheet (OASIS ODF 1.3), written as it is sent.

Text cells say that they are strings, so nothing is a formula; decimals, dates and heads as in the Excel workbook. All
tables stand in one part of the archive, which may have 2 GB: ``MOST_CELLS`` keeps well below.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from decimal import Decimal
from functools import lru_cache

from quizapp.formats.sheets import Cell, Pages, Sheet, Style, plain, zip_stream
from quizapp.formats.sheets.csv_sheet import yes_or_no
from quizapp.formats.sheets.xlsx_sheet import FORBIDDEN, LONGEST_NAME, letters
from quizapp.formats.sheets.xml_text import DECLARATION, escaped

MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
MOST_CELLS = 5_000_000
XMLNS = "urn:oasis:names:tc:opendocument:xmlns"
SPACES = " ".join(
    f'xmlns:{name}="{XMLNS}:{rest}"'
    for name, rest in (
        ("office", "office:1.0"), ("table", "table:1.0"), ("text", "text:1.0"), ("style", "style:1.0"),
        ("number", "datastyle:1.0"), ("fo", "xsl-fo-compatible:1.0"), ("config", "config:1.0"),
    )
)  # fmt: skip
_NUMBER = '<number:number number:min-integer-digits="1"'
_PART = '<number:{0} number:style="long"/>'.format
_CELL = '<style:style style:name="{0}" style:family="table-cell"{1}</style:style>'.format
STYLES = (
    '<number:text-style style:name="as-text"><number:text-content/></number:text-style>'
    f'<number:number-style style:name="two-places">{_NUMBER} number:decimal-places="2" number:min-decimal-places="2"/>'
    '</number:number-style><number:date-style style:name="moment">'
    + "<number:text>-</number:text>".join(map(_PART, ("year", "month", "day")))
    + "<number:text> </number:text>"
    + "<number:text>:</number:text>".join(map(_PART, ("hours", "minutes", "seconds")))
    + "</number:date-style>"
    + _CELL("text", ' style:data-style-name="as-text">')
    + _CELL("percent", ' style:data-style-name="two-places">')
    + _CELL("time", ' style:data-style-name="moment">')
    + _CELL(
        "head",
        ' style:data-style-name="as-text"><style:table-cell-properties fo:wrap-option="wrap" '
        'style:vertical-align="top" fo:border-bottom="0.5pt solid #000000"/><style:text-properties '
        'fo:font-weight="bold"/>',
    )
)
BLANK = "<table:table-cell/>"
_SPACES = re.compile(r"^ | {2,}| $|\t")


def stream(sheets: Iterable[Sheet], style: Style) -> Iterator[bytes]:
    """The document, chunk by chunk; the rows of each sheet are asked for when those before it are sent."""
    return zip_stream.stream(_entries(sheets, style), [("mimetype", MEDIA_TYPE)])


def _entries(sheets: Iterable[Sheet], style: Style) -> Iterator[zip_stream.Entry]:
    manifest = f'xmlns:manifest="{XMLNS}:manifest:1.0" manifest:version="1.3"'
    files = (("/", MEDIA_TYPE), ("content.xml", "text/xml"), ("settings.xml", "text/xml"))
    listed = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{kind}"/>' for name, kind in files
    )
    yield "META-INF/manifest.xml", [f"{DECLARATION}<manifest:manifest {manifest}>{listed}</manifest:manifest>"]
    names: list[str] = []
    yield "content.xml", _content(list(sheets), style, names)
    yield "settings.xml", [_settings(names)]


def _content(sheets: Sequence[Sheet], style: Style, names: list[str]) -> Iterator[str]:
    widths = sorted({column.width for sheet in sheets for column in sheet.columns})
    yield (
        f'{DECLARATION}<office:document-content {SPACES} office:version="1.3"><office:automatic-styles>{STYLES}'
        + "".join(map(_width, widths))
        + "</office:automatic-styles><office:body><office:spreadsheet>"
    )
    ranges: list[str] = []
    for sheet in sheets:
        for title, rows in Pages(sheet):
            name = FORBIDDEN.sub(" ", title)[:LONGEST_NAME]
            names.append(name)
            yield from _table(sheet, name, rows, style, ranges)
    yield f"<table:database-ranges>{''.join(ranges)}</table:database-ranges></office:spreadsheet></office:body>"
    yield "</office:document-content>"


def _width(width: int) -> str:
    centimetres = f"{width * 0.2 + 0.2:.1f}cm"
    return (
        f'<style:style style:name="w{width}" style:family="table-column"><style:table-column-properties '
        f'style:column-width="{centimetres}"/></style:style>'
    )


def _table(sheet: Sheet, name: str, rows: Iterable[Sequence[Cell]], style: Style, ranges: list[str]) -> Iterator[str]:
    columns = "".join(f'<table:table-column table:style-name="w{column.width}"/>' for column in sheet.columns)
    yield f'<table:table table:name="{escaped(name)}">{columns}<table:table-row>'
    yield "".join(_text(head, "head") for head in style.heads(sheet)) + "</table:table-row>"
    write = _writer(style.zone, {number for number, one in enumerate(sheet.columns) if one.kind == "percent"})
    count = 1
    for row in rows:
        count += 1
        yield f"<table:table-row>{write(row)}</table:table-row>"
    yield "</table:table>"
    place = f"'{name}'.A1:'{name}'.{letters(len(sheet.columns))}{count}"
    ranges.append(
        f'<table:database-range table:name="filter{len(ranges)}" table:target-range-address="{escaped(place)}" '
        'table:display-filter-buttons="true"/>'
    )


def _writer(zone: tzinfo, percents: set[int]) -> Callable[[Sequence[Cell]], str]:
    def time(value: datetime) -> str:
        moment = value.astimezone(zone)
        return (
            f'<table:table-cell table:style-name="time" office:value-type="date" office:date-value="'
            f'{moment:%Y-%m-%dT%H:%M:%S}"><text:p>{moment:%Y-%m-%d %H:%M:%S}</text:p></table:table-cell>'
        )

    cells: dict[type, Callable[..., str]] = {
        str: _text,
        int: lambda value: _number(Decimal(value), ""),
        bool: lambda value: _text(yes_or_no(value)),
        Decimal: lambda value: _number(value, ""),
        datetime: time,
        type(None): lambda _: BLANK,
    }

    def write(row: Sequence[Cell]) -> str:
        return "".join(
            [
                _number(value, "percent") if i in percents and isinstance(value, Decimal) else cells[type(value)](value)
                for i, value in enumerate(row)
            ]
        )

    return write


@lru_cache(maxsize=4096)
def _number(value: Decimal, name: str) -> str:
    form = f' table:style-name="{name}"' if name else ""
    shown = f"{value:.2f}" if name else plain(value)
    return (
        f'<table:table-cell{form} office:value-type="float" office:value="{plain(value)}"><text:p>{shown}</text:p>'
        "</table:table-cell>"
    )


@lru_cache(maxsize=4096)
def _text(value: str, name: str = "text") -> str:
    lines = "".join(f"<text:p>{_SPACES.sub(_kept, line)}</text:p>" for line in escaped(value).split("\n"))
    return f'<table:table-cell table:style-name="{name}" office:value-type="string">{lines}</table:table-cell>'


def _kept(found: re.Match[str]) -> str:
    """White space that a reader would fold."""
    return "<text:tab/>" if found[0] == "\t" else f'<text:s text:c="{len(found[0])}"/>'


def _settings(names: Sequence[str]) -> str:
    """Heads and first columns that stay where they are."""
    item = '<config:config-item config:name="{0}" config:type="{1}">{2}</config:config-item>'.format
    splits = "".join(
        item(name, kind, value)
        for name, kind, value in (
            ("HorizontalSplitMode", "short", 2), ("VerticalSplitMode", "short", 2),
            ("HorizontalSplitPosition", "int", 1), ("VerticalSplitPosition", "int", 1),
            ("ActiveSplitRange", "short", 3), ("PositionRight", "int", 1), ("PositionBottom", "int", 1),
        )
    )  # fmt: skip
    first = item("ActiveTable", "string", escaped(names[0]))
    tables = "".join(
        f'<config:config-item-map-entry config:name="{escaped(name)}">{splits}</config:config-item-map-entry>'
        for name in names
    )
    return (
        f'{DECLARATION}<office:document-settings {SPACES} office:version="1.3"><office:settings>'
        '<config:config-item-set config:name="ooo:view-settings"><config:config-item-map-indexed config:name="Views">'
        f"<config:config-item-map-entry>{item('ViewId', 'string', 'view1')}<config:config-item-map-named "
        f'config:name="Tables">{tables}</config:config-item-map-named>{first}'
        "</config:config-item-map-entry></config:config-item-map-indexed></config:config-item-set></office:settings>"
        "</office:document-settings>"
    )
