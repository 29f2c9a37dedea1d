"""The parts of a Word document that python-docx has no words for."""

from collections.abc import Sequence
from io import BytesIO

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

FONT = "Times New Roman"
# Every script has its own font in Word; one left out falls back to the theme's.
SCRIPTS = ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia")
EIGHTHS_OF_A_POINT = 6
SLIM_TWIPS = 45
USED_STYLES = {"Normal", "Header", "Default Paragraph Font", "Normal Table", "Table Grid"}
UNUSED_PARTS = {"stylesWithEffects", "thumbnail", "customXml", "numbering", "webSettings"}


def element(tag: str, **attributes: str) -> BaseOxmlElement:
    """Return an element of the word-processing namespace with attributes of it."""
    made: BaseOxmlElement = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def set_common_font(document: Document, language: str, *, size_pt: float) -> None:
    """Make one font the document's own, in every script, and say what language the text is in."""
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(size_pt)
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "cstheme", "eastAsiaTheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in SCRIPTS:
        fonts.set(qn(script), FONT)
    properties.append(element("lang", val="vi-VN" if language == "vi" else "en-GB"))


def drop_what_nobody_uses(document: Document) -> None:
    """Take out the template's parts and styles that no report needs: nine tenths of the file."""
    for style in [one for one in document.styles if one.name not in USED_STYLES]:
        style.delete()
    for holder in (document.part, document.part.package):
        for key, relation in list(holder.rels.items()):
            if relation.reltype.rsplit("/", 1)[-1] in UNUSED_PARTS:
                del holder.rels[key]


def add_line(
    holder: Document | _Cell, text: str, *, size_pt: float, bold: bool = False, italic: bool = False
) -> Paragraph:
    """Add a centred line of its own, without room around it."""
    paragraph = holder.add_paragraph()
    _tighten(paragraph)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for number, part in enumerate(text.split("\n")):
        run = paragraph.add_run(part)
        run.font.size, run.bold, run.italic = Pt(size_pt), bold, italic
        if number < text.count("\n"):
            run.add_break()
    return paragraph


def add_rule(holder: Document | _Cell, *, inset_mm: float) -> None:
    """Draw a thin line with this much room on its left and right."""
    paragraph = holder.add_paragraph()
    _tighten(paragraph)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Mm(inset_mm)
    paragraph.paragraph_format.line_spacing, paragraph.paragraph_format.space_before = Pt(5), Pt(2)
    borders = element("pBdr")
    borders.append(element("top", val="single", sz=str(EIGHTHS_OF_A_POINT), space="1", color="000000"))
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def add_bound(paragraph: Paragraph, text: str, *, name: str) -> Run:
    """Add a run inside a content control that names the figure it prints."""
    run = paragraph.add_run(text)
    control, properties, content = element("sdt"), element("sdtPr"), element("sdtContent")
    properties.append(element("alias", val=name))
    properties.append(element("tag", val=name))
    control.extend([properties, content])
    run._r.addprevious(control)
    content.append(run._r)
    return run


def add_page_number(paragraph: Paragraph, *, size_pt: float) -> None:
    """Add the number of the page, to be worked out by whoever lays the page out."""
    for kind, text in (("begin", ""), ("", " PAGE "), ("separate", ""), ("result", "2"), ("end", "")):
        run = paragraph.add_run(text if kind == "result" else "")
        run.font.size = Pt(size_pt)
        if kind == "":
            instruction = element("instrText")
            instruction.text = text
            run._r.append(instruction)
        elif kind != "result":
            run._r.append(element("fldChar", fldCharType=kind))


def add_grid(holder: Document, rows: int, widths_mm: Sequence[float], *, framed: bool) -> Table:
    """Add a table of fixed widths; rows never break over a page."""
    table: Table = holder.add_table(rows, len(widths_mm))
    table.autofit = False
    if framed:
        table.style = "Table Grid"
        _set_cell_margins(table, SLIM_TWIPS)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(element("cantSplit"))
        for cell, width in zip(row.cells, widths_mm, strict=True):
            cell.width = Mm(width)
    for column, width in zip(table.columns, widths_mm, strict=True):
        column.width = Mm(width)
    return table


def _set_cell_margins(table: Table, twips: int) -> None:
    margins = element("tblCellMar")
    for side in ("left", "right"):
        margins.append(element(side, w=f"{twips}", type="dxa"))
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    if look is not None:
        look.addprevious(margins)


def repeat_heading(table: Table) -> None:
    """Show the first row again on top of every page."""
    table.rows[0]._tr.get_or_add_trPr().append(element("tblHeader"))


def add_described_picture(document: Document, picture: bytes, *, width_mm: float, description: str) -> Paragraph:
    """Add a picture that says what it shows to who cannot see it."""
    shape = document.add_picture(BytesIO(picture), Mm(width_mm))
    shape._inline.docPr.set("descr", description)
    return document.paragraphs[-1]


def empty(cell: _Cell) -> _Cell:
    """Take out the paragraph every cell is born with; something must be added after."""
    for paragraph in cell.paragraphs:
        paragraph._p.getparent().remove(paragraph._p)
    return cell


def _tighten(paragraph: Paragraph) -> None:
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.line_spacing = 1.0
