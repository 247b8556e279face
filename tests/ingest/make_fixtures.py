"""Makes the files of `fixtures/` with the programs that people use; run it only to make them anew.

    apt-get install libreoffice-writer-nogui pandoc chromium poppler-utils fonts-linuxlibertine
    python -m tests.ingest.make_fixtures

Beside each PDF stands what poppler's pdftotext, another reader than ours, finds on each of its pages.
"""

import re
import subprocess
import tempfile
from html import escape
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.ingest.chronicle import RUNNING_HEAD, TITLE, Year, chapters

HERE = Path(__file__).parent / "fixtures"
SCRIPT = "<script>document.title = 'changed'; var hidden = 'not a word of this is text';</script>"
# Chromium without a screen has no hyphenation of its own, but breaks words where they allow it.
HYPHENATED = (
    "dis-pro-por-tion-ate rep-re-sen-ta-tives char-ac-ter-ised cir-cum-stances con-sid-er-able rec-on-struct-ed".split()
)
STYLE = """
@page { size: A5; margin: 18mm }
body { font: 11pt "Linux Libertine O", serif; hyphens: auto; text-align: justify }
.columns { columns: 2; column-gap: 8mm }
h1 { break-before: page } h1, h2 { text-align: left }
table { border-collapse: collapse; width: 100% } td, th { border: 1px solid black; padding: 2px 6px; text-align: left }
"""


def main() -> None:
    """Write every fixture."""
    HERE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        (work / "plain.html").write_text(html(columns=False), encoding="utf-8")
        (work / "columns.html").write_text(html(columns=True), encoding="utf-8")
        (work / "ligatures.html").write_text(ligatures(html(columns=False)), encoding="utf-8")
        (work / "writer.fodt").write_text(flat_odt(), encoding="utf-8")
        with_pandoc(work)
        with_chromium(work)
        with_libreoffice(work)
    for pdf in HERE.glob("*.pdf"):
        run("pdftotext", "-enc", "UTF-8", str(pdf), str(pdf.with_suffix(".pdftotext.txt")))


def with_pandoc(work: Path) -> None:
    plain = str(work / "plain.html")
    title = ["--metadata", f"title={TITLE}"]
    run("pandoc", plain, "-o", str(HERE / "pandoc.docx"))
    run("pandoc", plain, *title, "--epub-chapter-level=1", "--toc", "-o", str(HERE / "pandoc.epub"))
    run("pandoc", plain, *title, "--standalone", "--toc", "-t", "html5", "-o", str(HERE / "pandoc.html"))
    run("pandoc", plain, "-t", "gfm", "-o", str(HERE / "pandoc.md"))


def with_chromium(work: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page()
        for name in ("columns", "ligatures"):
            page.goto((work / f"{name}.html").as_uri())
            page.pdf(
                path=str(HERE / f"chromium-{name}.pdf"),
                prefer_css_page_size=True,
                display_header_footer=True,
                header_template=f'<div style="font-size: 8px; width: 100%; text-align: center">{RUNNING_HEAD}</div>',
                footer_template='<div style="font-size: 8px; width: 100%; text-align: center">'
                'Page <span class="pageNumber"></span> of <span class="totalPages"></span></div>',
                tagged=name == "columns",
            )
        page.route("http://ostrand.example/**", lambda route: route.fulfill(body=web_page(), content_type="text/html"))
        page.goto("http://ostrand.example/chronicle.html")
        archive = page.context.new_cdp_session(page).send("Page.captureSnapshot", {"format": "mhtml"})["data"]
        (HERE / "chromium.mhtml").write_bytes(archive.encode())
        browser.close()


def with_libreoffice(work: Path) -> None:
    for kind in ("pdf", "docx"):
        run(
            "soffice",
            "--headless",
            f"-env:UserInstallation=file://{work}/profile",
            "--convert-to",
            kind,
            "--outdir",
            str(work),
            str(work / "writer.fodt"),
        )
        (work / f"writer.{kind}").replace(HERE / f"libreoffice.{kind}")


def run(*command: str) -> None:
    subprocess.run(command, check=True)


# ---------------------------------------------------------------- HTML


def html(*, columns: bool) -> str:
    """The chronicle as a page to print."""
    body = "\n".join(html_chapter(year, columns=columns) for year in chapters())
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{TITLE}</title><style>{STYLE}</style></head>'
        f"<body>{body}</body></html>"
    )


def web_page() -> str:
    """The chronicle as a page of a web site, with all that stands around a text there."""
    body = "\n".join(html_chapter(year, columns=False) for year in chapters())
    links = "".join(f'<li><a href="/{n}">Menu entry {n}</a></li>' for n in range(9))
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{TITLE}</title>{SCRIPT}</head><body>'
        f'<header><a href="/">Site name</a><nav><ul>{links}</ul></nav></header>'
        f'<div style="display: none">An invisible offer</div><main>{body}{SCRIPT}</main>'
        f"<aside>Read this as well</aside><footer>All rights reserved</footer></body></html>"
    )


def ligatures(markup: str) -> str:
    """The same with letters joined as typesetters join them, each ligature a character of its own."""
    for letters, joined in (("ffi", "ﬃ"), ("ffl", "ﬄ"), ("fi", "ﬁ"), ("ff", "ﬀ"), ("fl", "ﬂ")):
        markup = re.sub(rf"{letters}(?![^<]*>)(?!-)", joined, markup)
    return markup


def html_chapter(year: Year, *, columns: bool) -> str:
    """One chapter."""
    text = "".join(f"<p>{escape(p, quote=False)}</p>" for p in year.paragraphs)
    for word in HYPHENATED if columns else ():
        text = text.replace(word.replace("-", ""), word.replace("-", "&shy;"))
    rows = "".join("<tr>" + "".join(f"<{cell}>{c}</{cell}>" for c in row) + "</tr>" for row, cell in cells(year))
    items = "".join(f"<li>{escape(item, quote=False)}</li>" for item in year.items)
    text = f'<div class="columns">{text}</div>' if columns else text
    return (
        f"<h1>{year.heading}</h1>{text}<h2>{year.trade}</h2><table>{rows}</table>"
        f"<h2>{year.remarks}</h2><ul>{items}</ul>"
    )


def cells(year: Year) -> list[tuple[tuple[str, ...], str]]:
    """Rows, and the element that each of their cells is."""
    return [(row, "th" if number == 0 else "td") for number, row in enumerate(year.rows)]


# ---------------------------------------------------------------- OpenDocument

ODT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" office:version="1.2"
 office:mimetype="application/vnd.oasis.opendocument.text">
<office:meta><dc:title>{title}</dc:title></office:meta>
<office:font-face-decls><style:font-face style:name="Body" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" svg:font-family="'Linux Libertine O'"/></office:font-face-decls>
<office:styles>
<style:default-style style:family="paragraph"><style:text-properties style:font-name="Body" fo:font-size="11pt" fo:language="en" fo:country="GB" fo:hyphenate="true" fo:hyphenation-remain-char-count="2" fo:hyphenation-push-char-count="2"/></style:default-style>
<style:style style:name="Standard" style:family="paragraph"><style:paragraph-properties fo:text-align="justify" fo:margin-bottom="0.2cm" fo:orphans="2" fo:widows="2"/></style:style>
<style:style style:name="Heading_20_1" style:display-name="Heading 1" style:family="paragraph" style:default-outline-level="1"><style:paragraph-properties fo:break-before="page" fo:margin-bottom="0.4cm"/><style:text-properties fo:font-size="17pt" fo:font-weight="bold"/></style:style>
<style:style style:name="Heading_20_2" style:display-name="Heading 2" style:family="paragraph" style:default-outline-level="2"><style:paragraph-properties fo:margin-top="0.3cm" fo:margin-bottom="0.2cm"/><style:text-properties fo:font-size="13pt" fo:font-weight="bold"/></style:style>
</office:styles>
<office:automatic-styles>
<style:page-layout style:name="pm"><style:page-layout-properties fo:page-width="14.8cm" fo:page-height="21cm" fo:margin="1.8cm"/><style:header-style><style:header-footer-properties fo:margin-bottom="0.4cm"/></style:header-style><style:footer-style><style:header-footer-properties fo:margin-top="0.4cm"/></style:footer-style></style:page-layout>
<style:style style:name="Sect" style:family="section"><style:section-properties><style:columns fo:column-count="2" fo:column-gap="0.7cm"/></style:section-properties></style:style>
<style:style style:name="Cell" style:family="table-cell"><style:table-cell-properties fo:padding="0.1cm" fo:border="0.5pt solid #000000"/></style:style>
</office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="pm"><style:header><text:p>{head}</text:p></style:header><style:footer><text:p>{title}, page <text:page-number/></text:p></style:footer></style:master-page></office:master-styles>
<office:body><office:text>{body}</office:text></office:body></office:document>"""


def flat_odt() -> str:
    """The chronicle as LibreOffice Writer's own document in one file: two columns, running head and foot, hyphens."""
    return ODT.format(title=TITLE, head=RUNNING_HEAD, body="\n".join(odt_chapter(year) for year in chapters()))


def odt_chapter(year: Year) -> str:
    """One chapter."""
    text = "".join(f"<text:p>{escape(p, quote=False)}</text:p>" for p in year.paragraphs)
    rows = "".join(
        "<table:table-row>"
        + "".join(f'<table:table-cell table:style-name="Cell"><text:p>{c}</text:p></table:table-cell>' for c in row)
        + "</table:table-row>"
        for row in year.rows
    )
    items = "".join(f"<text:list-item><text:p>{escape(i, quote=False)}</text:p></text:list-item>" for i in year.items)
    return (
        f'<text:h text:style-name="Heading_20_1" text:outline-level="1">{year.heading}</text:h>'
        f'<text:section text:style-name="Sect" text:name="{year.heading}">{text}</text:section>'
        f'<text:h text:style-name="Heading_20_2" text:outline-level="2">{year.trade}</text:h>'
        f'<table:table table:name="{year.trade}"><table:table-column table:number-columns-repeated="3"/>{rows}</table:table>'
        f'<text:h text:style-name="Heading_20_2" text:outline-level="2">{year.remarks}</text:h>'
        f"<text:list>{items}</text:list>"
    )


if __name__ == "__main__":
    main()
