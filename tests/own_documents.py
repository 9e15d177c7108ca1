"""Documents of our own invention in every kind of file that a teacher may have."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

LANTERN = "\n\n".join(
    [
        "The Lantern Street Strike",
        (
            "It began on a wet Monday in the glass works of Lantern Street. The furnace men had asked for gloves "
            "since the spring, and the owner had promised them each month. On that morning nobody lit the third "
            "furnace."
        ),
        (
            "By noon two hundred people stood in the yard. A clerk counted them from his window and wrote the "
            "number on the back of an invoice. He was not asked to, and he kept the invoice for thirty years."
        ),
        "What the owner said",
        (
            'Mr. Vane told the newspapers that the gloves had been ordered long ago. He blamed the railway. "My '
            'people are content," he said, "and strangers have talked to them."'
        ),
        "The railway had no record of any such order.",
        "How it ended",
        (
            "The strike was over on Thursday. Gloves came with the evening cart, and the third furnace was lit "
            "again. Nobody was thanked, and nobody was dismissed."
        ),
    ]
)
HTML = """<!doctype html><html><head><title>A page</title><style>p{color:red}</style></head><body>
<nav>Home</nav><h1>The Ferry</h1><script>alert("no & never")</script>
<p>The ferry crossed <b>twice</b> a day &amp; carried <i>mail</i>.</p><p>In winter it stayed<br>at the quay.</p>
<img src=x onerror="alert(1)"><!-- hidden --><table><tr><td>Mon</td><td>noon</td></tr></table></body></html>"""
MARKDOWN = """# The Ferry

The ferry crossed **twice** a day and carried [mail](https://example.org/mail).

## In winter

It *stayed* at the quay. <b onclick="x()">Nobody</b> sailed.
"""
_DOCUMENT = (
    '<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/'
    '2006/main"><w:body>{}</w:body></w:document>'
)
_STYLES = (
    '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:style w:styleId="berschrift1">'
    '<w:name w:val="heading 1"/></w:style></w:styles>'
)


def packed(files: dict[str, str | bytes]) -> bytes:
    """Files in a zip archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def a_paragraph(text: str, style: str = "") -> str:
    """A paragraph as Word has it, its words in runs of their own."""
    styled = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    runs = "".join(f'<w:r><w:t xml:space="preserve">{word} </w:t></w:r>' for word in text.split())
    return f"<w:p>{styled}{runs}</w:p>"


def docx(*paragraphs: str, body: str = "") -> bytes:
    """A Word document: paragraphs, those that begin with # as headings."""
    made = "".join(a_paragraph(one.lstrip("# "), "berschrift1" if one.startswith("#") else "") for one in paragraphs)
    return packed({"word/document.xml": _DOCUMENT.format(made + body), "word/styles.xml": _STYLES})


def pdf(*pages: Sequence[str], encrypt: bool = False) -> bytes:
    """A PDF with a line of text for each line; ``encrypt`` makes it say that it is locked."""
    count = len(pages)
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(count))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for i, lines in enumerate(pages):
        shown = " ".join(f"({_escaped(line)}) Tj 0 -14 Td" for line in lines)
        stream = f"BT /F1 11 Tf 72 770 Td {shown} ET"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> "
            f"/Contents {5 + 2 * i} 0 R >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    return _with_table(objects, encrypt=encrypt)


def _with_table(objects: Sequence[str], *, encrypt: bool) -> bytes:
    made, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(made))
        made += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    lock = f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{'41' * 32}> /U <{'42' * 32}> >> /ID [<00> <00>] "
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R "
    return made + f"{end}{lock if encrypt else ''}>>\nstartxref\n{len(made)}\n%%EOF\n".encode("latin-1")


def _escaped(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
