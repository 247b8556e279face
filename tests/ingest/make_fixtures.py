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
SCRIPT = "<script>var hidden = 'not a word of this is text';</script>"
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
    for pdf in set(HERE.glob("*.pdf")) - {HERE / "encrypted.pdf"}:
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
    writer = work / "writer.fodt"
    convert(work, writer, "pdf", HERE / "libreoffice.pdf")
    convert(work, writer, "docx", HERE / "libreoffice.docx")
    secret = '{"EncryptFile":{"type":"boolean","value":"true"},"DocumentOpenPassword":{"type":"string","value":"flax"}}'
    (work / "note.txt").write_text("A note that nobody shall read.", encoding="utf-8")
    convert(work, work / "note.txt", f"pdf:writer_pdf_Export:{secret}", HERE / "encrypted.pdf")


def convert(work: Path, source: Path, to: str, target: Path) -> None:
    profile = f"-env:UserInstallation=file://{work}/profile"
    run("soffice", "--headless", profile, "--convert-to", to, "--outdir", str(work), str(source))
    source.with_suffix(target.suffix).replace(target)


def run(*command: str) -> None:
    subprocess.run(command, check=True)


# ---------------------------------------------------------------- HTML


def html(*, columns: bool) -> str:
    """The chronicle as a page to print."""
    body = "\n".join(html_chapter(year, columns=columns) for year in chapters())
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{TITLE}</title>'
        f"<style>{STYLE}</style></head><body>{body}</body></html>"
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


def flat_odt() -> str:
    """The chronicle as LibreOffice Writer's own document in one file: two columns, running head and foot, hyphens."""
    template = (HERE.parent / "writer.xml").read_text(encoding="utf-8")
    return template.format(title=TITLE, head=RUNNING_HEAD, body="\n".join(odt_chapter(year) for year in chapters()))


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
        f'<table:table table:name="{year.trade}"><table:table-column table:number-columns-repeated="3"/>{rows}'
        "</table:table>"
        f'<text:h text:style-name="Heading_20_2" text:outline-level="2">{year.remarks}</text:h>'
        f"<text:list>{items}</text:list>"
    )


if __name__ == "__main__":
    main()
