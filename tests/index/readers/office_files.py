"""Word and OpenDocument files, made of the XML that a test is about."""

from __future__ import annotations

import html
import io
import json
import zipfile
from collections.abc import Mapping

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OTHERS = (
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
STYLES = """
<w:style w:type="paragraph" w:default="1" w:styleId="Standard"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/><w:basedOn w:val="Standard"/></w:style>
<w:style w:type="paragraph" w:styleId="berschrift2">
<w:name w:val="heading 2"/><w:basedOn w:val="berschrift1"/></w:style>
<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="Eigen">
<w:name w:val="My own"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Liste"><w:name w:val="Bibliography"/></w:style>
<w:style w:type="paragraph" w:styleId="Verzeichnis1"><w:name w:val="toc 1"/></w:style>
"""
NUMBERING = """
<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
"""


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as container:
        for path, content in parts.items():
            container.writestr(path, content)
    return held.getvalue()


def docx(body: str, **others: str) -> bytes:
    """A Word file; `others` are the contents of further parts, by their names without ending."""
    parts = {"word/document.xml": f"<w:document {W} {OTHERS}><w:body>{body}</w:body></w:document>"}
    for name, content in {"styles": STYLES, "numbering": NUMBERING, **others}.items():
        parts[f"word/{name}.xml"] = f"<w:{name} {W}>{content}</w:{name}>"
    return packed(parts)


def p(words: str, style: str = "", properties: str = "") -> str:
    """A paragraph; words that begin with "<" are runs already."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    inner = words if words.startswith("<") else r(words)
    return f"<w:p><w:pPr>{named}{properties}</w:pPr>{inner}</w:p>"


def r(words: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{html.escape(words)}</w:t></w:r>'


def field(code: str, result: str) -> str:
    """A field, its code broken in two as Word does."""
    half = len(code) // 2
    codes = "".join(
        f'<w:r><w:instrText xml:space="preserve">{html.escape(part)}</w:instrText></w:r>'
        for part in (code[:half], code[half:])
    )
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r>{codes}<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f'{result if result.startswith("<") else r(result)}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def zotero(*items: dict[str, object]) -> str:
    """The code of a Zotero citation."""
    cited = [
        {"id": i, "uris": [f"http://zotero.org/{item['title']}"], "itemData": item} for i, item in enumerate(items)
    ]
    return " ADDIN ZOTERO_ITEM CSL_CITATION " + json.dumps({"citationID": "x", "citationItems": cited})


OFFICE = "urn:oasis:names:tc:opendocument:xmlns"
ODT_NAMES = " ".join(
    f'xmlns:{short}="{OFFICE}:{short}:1.0"' for short in ("office", "text", "table", "style", "draw", "meta")
)
ODT_NAMES += f' xmlns:fo="{OFFICE}:xsl-fo-compatible:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
ODT_NAMES += ' xmlns:xlink="http://www.w3.org/1999/xlink"'


def odt(body: str, styles: str = "", manifest: str = "", **others: str) -> bytes:
    """An OpenDocument text."""
    content = (
        f"<office:document-content {ODT_NAMES}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    parts = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content}
    parts |= {"META-INF/manifest.xml": manifest} if manifest else {}
    return packed({**parts, **others})
